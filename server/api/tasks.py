"""``/api/v1/tasks``: pieces of an order, each with its own technician."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from core.people.roles import Actor, require
from core.records.input import Field as Checked
from core.records.input import Fields, yes_no
from core.records.paging import LIMIT, Page
from core.workshop import tasks
from core.workshop.tasks import TaskView
from server.api.collection import After, Asker, Collection, Described, Limit, Room, RowId, add_routes, body_of
from server.api.once import fields_of
from server.api.shown import answer
from server.desk import Desk

WHO = "01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"
EXAMPLE = {"order_id": WHO, "title": "Front brakes", "technician_id": WHO, "expected_hours": 1500}
DONE = Fields(done=Checked(yes_no, required=True))


class TaskFields(BaseModel):
    """What can be written of a task."""

    order_id: str | None = Field(None, examples=[WHO])
    title: str | None = Field(None, max_length=200, examples=["Front brakes"])
    technician_id: str | None = Field(None, description="Staff.", examples=[WHO])
    expected_hours: int | None = Field(None, description="Thousandths of an hour.", examples=[1500])
    position: int | None = Field(None, description="Its place on the order.", examples=[1])


class Task(TaskFields):
    """A task."""

    id: str = Field(examples=[WHO])
    technician_name: str | None = Field(None, examples=["Tom Marek"])
    done_at: int | None = Field(None, examples=[None])
    done_by: str | None = Field(None, examples=[None])
    created_at: int | None = Field(None, examples=[1795392000000])
    changed_at: int | None = Field(None, examples=[1795392000000])


class Tasks(BaseModel):
    """A page of tasks."""

    items: list[Task]
    next: str | None = Field(
        description="Send it as `after` for the next page; null: this was the last.", examples=[None]
    )


class DoneFields(BaseModel):
    """Whether it is done."""

    done: bool = Field(examples=[True])


def router(desk: Desk, who: Asker) -> APIRouter:
    """The routes; ``who`` tells who asks."""
    routes = APIRouter(prefix="/api/v1/tasks", tags=["repair orders"])
    Who = Annotated[Actor, Depends(who)]  # noqa: N806 - a type
    room = Room(
        "tasks", "tasks", "repair_orders", tasks.create_task, tasks.change_task, tasks.delete_task, tasks.get_task
    )
    asked = Collection(room, desk)

    @routes.get("", summary="Tasks, by the page", response_model=Tasks)
    async def list_them(
        *,
        actor: Who,
        order_id: Annotated[str | None, Query(description="Of this order, in its order.", examples=[WHO])] = None,
        technician_id: Annotated[str | None, Query(description="Whose they are.", examples=[WHO])] = None,
        state: Annotated[str | None, Query(description="open or done.", examples=["open"])] = None,
        after: After = None,
        limit: Limit = LIMIT,
    ) -> Response:
        """Those that meet all conditions; the open ones of a technician are their list for the day."""
        require(actor, "repair_orders.read")

        def look(session: Session) -> Page[TaskView]:
            return tasks.list_tasks(
                session, order_id=order_id, technician_id=technician_id, state=state, after=after, limit=limit
            )

        return await asked.page(look)

    @routes.post(
        "/{id}/done",
        summary="A task is done, or after all not",
        response_model=Task,
        openapi_extra=body_of(DoneFields, {"done": True}, required=True),
    )
    async def done(request: Request, actor: Who, id_: RowId) -> Response:
        """By whom and when is kept. One that is done stays as it was done."""
        fields = await fields_of(request)

        def work(session: Session) -> object:
            return tasks.set_done(session, actor, id_, DONE.settled(session, fields)["done"])

        return answer(await desk.run(lambda: desk.records.change(actor.reference, work).value))

    needed = "`order_id` and `title` are needed."
    add_routes(routes, asked, who, Described("task", needed, TaskFields, Task, EXAMPLE, {"title": "Rear brakes"}))
    return routes
