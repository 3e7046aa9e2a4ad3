"""Papers: every kind, set as PDF and as pictures, in both languages; what people wrote is text and nothing else."""

import re
import zlib
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from core.language import speaking
from core.people.roles import Actor
from core.records.fields import Synced
from core.records.input import NotFound
from core.records.rows import added
from core.vehicles.models import Vehicle
from core.workshop.estimates import estimate
from core.workshop.inspection_models import Inspection
from core.workshop.invoice_models import Invoice, Payment
from core.workshop.invoices import credit_invoice, void_invoice
from core.workshop.models import RepairOrder
from core.workshop.papers import KINDS, Paper, pages_png, paper
from core.workshop.papers_codes import barcode_svg, photo_svg, qr_svg
from core.workshop.papers_format import DASH, Format
from core.workshop.papers_of_money import estimate_paper, invoice_paper, receipt_paper, spans
from core.workshop.papers_of_vehicle import history_paper
from core.workshop.papers_of_work import inspection_paper, key_tag_paper, order_paper, part_label_paper
from core.workshop.parts_models import Part
from core.workshop.tax_rules import create_tax_rule
from core.workshop.totals import totals
from tests.core.people.desk import NOBODY, Desk
from tests.core.workshop.papered import NASTY, PICTURE, Garage, garage

PNG = b"\x89PNG\r\n\x1a\n"
# One black point.
POINT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c6360000000020001"
    "e221bc330000000049454e44ae426082"
)


def papers(made: Garage, language: str | None = None) -> dict[str, Paper]:
    """One of each kind."""
    desk = made.desk
    note = desk.do(credit_invoice, made.invoice, line_ids=made.lines[:1]).id
    return {
        "estimate": desk.see(estimate_paper, made.order, language=language),
        "order": desk.see(order_paper, made.order, language=language),
        "inspection": desk.see(inspection_paper, made.inspection, pictures=pictures, language=language),
        "invoice": desk.see(invoice_paper, made.invoice, language=language),
        "credit_note": desk.see(invoice_paper, note, language=language),
        "receipt": desk.see(receipt_paper, made.payment, language=language),
        "history": desk.see(history_paper, made.vehicle, language=language),
        "part_label": desk.see(part_label_paper, made.part, language=language),
        "key_tag": desk.see(key_tag_paper, made.order, language=language),
    }


def pictures(sha256: str) -> bytes | None:
    return POINT if sha256 == PICTURE else None


def words_in(paper_: Paper) -> str:
    """All text of a paper's data."""
    return repr(paper_.data)


@pytest.mark.parametrize(("language", "currency"), [("en", "USD"), ("de", "EUR")])
def test_every_kind_is_set_in_both_languages(desk: Desk, language: str, currency: str) -> None:
    made = papers(garage(desk, language=language, currency=currency))
    assert set(made) == set(KINDS)
    for kind, each in made.items():
        assert each.kind == kind
        if kind not in ("order", "part_label", "key_tag"):
            assert each.language == language, "of the customer"
        pdf = each.pdf()
        assert pdf.startswith(b"%PDF")
        assert b"pdfaid" in pdf, f"{kind} can be archived"
        for page in each.pages(40):
            assert page.startswith(PNG)


def test_what_people_wrote_is_never_read_as_typst(desk: Desk) -> None:
    for kind, each in papers(garage(desk, words=NASTY)).items():
        assert each.pdf().startswith(b"%PDF"), kind
        assert "panic" in words_in(each) or kind == "key_tag"


def test_letters_that_no_font_has_are_no_reason_not_to_print(desk: Desk) -> None:
    odd = "\U000f0000 \ue000 \u0378 אבג 漢字 🚗"
    for kind, each in papers(garage(desk, words=odd)).items():
        assert each.pdf().startswith(b"%PDF"), kind


def test_what_is_long_goes_on_and_every_page_is_numbered_and_carries_its_sum(desk: Desk) -> None:
    made = garage(desk, lines=90, words="a very long description of what was done here " * 6)
    each = desk.see(invoice_paper, made.invoice)
    assert len(each.pages(20)) >= 3
    carried = [row["carry"] for row in each.data["rows"]]
    assert carried[0] == each.data["rows"][0]["amount"]
    assert carried[-1] == each.data["sums"][0]["value"], "the last sum is the net"
    huge = garage(desk, words="z" * 499 + " " + "long " * 300)
    for kind, one in papers(huge).items():
        assert one.pages(20), kind


def test_an_invoice_is_printed_as_it_was_issued(desk: Desk) -> None:
    made = garage(desk)
    before = desk.see(invoice_paper, made.invoice)
    assert before.name == "Invoice R-1001"
    again = garage(desk, words="Other words")
    assert again.invoice != made.invoice
    assert desk.see(invoice_paper, made.invoice) == before
    with speaking("de"):
        assert desk.see(invoice_paper, made.invoice) == before, "in the language it was issued in"


def test_a_tax_is_called_on_papers_as_the_shop_calls_it(desk: Desk) -> None:
    made = garage(desk)
    paper = desk.see(invoice_paper, made.invoice)
    assert any(row["name"].startswith("Tax 19") for row in paper.data["sums"]), "no rule says its name"
    desk.do(create_tax_rule, {"name": "Sales tax", "rate": 1_900})
    for each in (desk.see(invoice_paper, made.invoice), desk.see(estimate_paper, made.order)):
        assert any(row["name"].startswith("Sales tax 19") for row in each.data["sums"]), each.kind


def test_a_void_paper_says_so_and_one_without_a_number_too(desk: Desk) -> None:
    desk.records.join(NOBODY[:-1] + "1")
    made = garage(desk)
    other = garage(desk, lines=3)
    desk.do(void_invoice, desk.do(credit_invoice, other.invoice).id, "x")
    each = desk.see(invoice_paper, made.invoice)
    assert each.data["stamp"] is None
    assert ("Invoice number", "follows") in [tuple(pair) for pair in each.data["meta"]]
    note = desk.do(credit_invoice, made.invoice).id
    desk.do(void_invoice, note, "typed twice")
    void = desk.see(invoice_paper, note)
    assert void.data["stamp"] == "VOID"
    assert "typed twice" in words_in(void)


def test_the_estimate_adds_up_and_says_who_agreed_to_what(desk: Desk) -> None:
    made = garage(desk, lines=5)
    data = desk.see(estimate_paper, made.order).data
    assert [row["mark"] for row in data["rows"]] == ["green", "green", "green", "red", "none"]
    form, found = Format("en", "USD"), desk.see(estimate, made.order)
    sums = {row["name"]: row["value"] for row in data["sums"]}
    wanted = totals(each.line for each in found.lines if each.state != "declined")
    assert sums["Total"] == form.money(wanted.gross)
    assert sums["Approved of this"] == form.money(found.approved.gross)
    assert sums["Declined, not included"] == form.money(found.declined.gross)
    assert [line["words"].split(":")[0] for line in data["said"]] == ["Approved (1–3)", "Declined (4)"]
    assert data["advice"], "what was advised earlier is offered again"


def test_lines_are_listed_as_people_do() -> None:
    assert spans([1, 2, 3, 5, 7, 8]) == "1–3, 5, 7–8"
    assert spans([]) == ""


def test_the_job_sheet_has_what_to_do_and_no_prices(desk: Desk) -> None:
    made = garage(desk)
    each = desk.see(order_paper, made.order)
    number = each.data["number"]
    assert len(each.data["rows"]) == 3, "not what the customer declined"
    assert "79.95" not in words_in(each)
    assert each.data["qr"] == qr_svg(number)
    assert ("Telephone", "+49 1") in each.data["facts"]


def test_a_history_for_a_buyer_has_no_prices(desk: Desk) -> None:
    made = garage(desk)
    with_, without = (words_in(desk.see(history_paper, made.vehicle, prices=prices)) for prices in (True, False))
    assert "119.9" in with_
    assert "119.9" not in without
    for each in (with_, without):
        assert "Invoice R-1001" in each
        assert "Inspection" in each
        assert "Photographs: 5" in each


def test_photographs_stand_on_the_inspection_as_far_as_they_are_here(desk: Desk) -> None:
    made = garage(desk)
    with_ = desk.see(inspection_paper, made.inspection, pictures=pictures)
    without = desk.see(inspection_paper, made.inspection, pictures=lambda _sha256: None)
    broken = desk.see(inspection_paper, made.inspection, pictures=lambda _sha256: b"no picture at all")
    assert [len(row["photos"]) for row in with_.data["sections"][0]["rows"]] == [1] * 5
    assert [len(row["photos"]) for row in without.data["sections"][0]["rows"]] == [0] * 5
    assert broken.pdf().startswith(b"%PDF")
    assert len(with_.pdf()) > len(without.pdf())


@pytest.mark.parametrize("make", [estimate_paper, order_paper, inspection_paper, invoice_paper, receipt_paper,
                                  history_paper, part_label_paper, key_tag_paper])  # fmt: skip
def test_what_is_not_here_is_not_printed(desk: Desk, make: Callable[..., Paper]) -> None:
    with pytest.raises(NotFound):
        desk.see(make, NOBODY)


def test_rows_with_nothing_in_them_are_printed(desk: Desk) -> None:
    """They arrive so from other terminals."""

    of: dict[Callable[..., Paper], type[Synced]] = {
        estimate_paper: RepairOrder, order_paper: RepairOrder, key_tag_paper: RepairOrder, history_paper: Vehicle,
        part_label_paper: Part, inspection_paper: Inspection, invoice_paper: Invoice,
    }  # fmt: skip

    def empty(session: Session, _actor: Actor) -> dict[Callable[..., Paper], str]:
        ids = {make: added(session, model, {}).id for make, model in of.items()}
        return {**ids, receipt_paper: added(session, Payment, {"invoice_id": ids[invoice_paper]}).id}

    for make, id_ in desk.do(empty).items():
        assert desk.see(make, id_).pdf().startswith(b"%PDF")


def test_a_paper_takes_few_questions_however_long_it_is(desk: Desk) -> None:
    counted = []
    for lines in (3, 30):
        made = garage(desk, lines=lines)
        counted.append([
            len(desk.statements(make, id_))
            for make, id_ in (
                (estimate_paper, made.order), (order_paper, made.order), (invoice_paper, made.invoice),
                (history_paper, made.vehicle), (inspection_paper, made.inspection),
            )
        ])  # fmt: skip
    assert counted[0] == counted[1]
    assert max(counted[0]) <= 26


def test_there_is_no_other_kind() -> None:
    with pytest.raises(ValueError, match="love letter"):
        paper("love letter", {}, language="en")
    with pytest.raises(ValueError, match=r"\.\./invoice"):
        pages_png("../invoice", {}, language="en")


def test_codes_hold_what_was_asked() -> None:
    assert barcode_svg("1042-B3K7") != barcode_svg("1042-B3K8")
    assert barcode_svg("") == barcode_svg("-")
    assert "<svg" in barcode_svg("Ölfilter 5")
    assert qr_svg("1042-B3K7").count("M") > 100
    assert "data:image/jpeg;base64," in photo_svg(b"x", 'text/html" onload="x')


@pytest.mark.parametrize(
    ("language", "currency", "size", "money", "day", "quantity", "rate"),
    [
        ("en", "USD", "us-letter", "$1,234.50", "Nov 22, 2026", "1.5", "7.25%"),
        ("en", "GBP", "a4", "£1,234.50", "22 Nov 2026", "1.5", "7.25%"),
        ("de", "EUR", "a4", "1.234,50\xa0€", "22.11.2026", "1,5", "7,25\xa0%"),
        ("en", "PLN", "a4", "PLN\xa01,234.50", "22 Nov 2026", "1.5", "7.25%"),
        ("de", "JPY", "a4", "123.450\xa0¥", "22.11.2026", "1,5", "7,25\xa0%"),
    ],
)
def test_money_days_and_numbers_are_written_as_there(
    language: str, currency: str, *, size: str, money: str, day: str, quantity: str, rate: str
) -> None:
    form = Format(language, currency)
    assert form.size == size
    assert form.money(123_450) == money
    assert form.day("2026-11-22") == day
    assert form.quantity(1_500) == quantity
    assert form.rate(725) == rate
    assert form.amount(-5).startswith("\u2212")
    assert {form.money(None), form.day("soon"), form.day_of(None), form.moment(10**20), form.quantity(None)} == {DASH}


def test_the_pdf_names_its_title_and_shop(desk: Desk) -> None:
    pdf = desk.see(invoice_paper, garage(desk).invoice).pdf()
    streams = [pdf] + [zlib.decompress(each) for each in re.findall(rb"stream\n(x\x9c.*?)\nendstream", pdf, re.S)]
    assert any(b"Invoice R-1001" in each for each in streams)
