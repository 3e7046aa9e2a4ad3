"""What this person has moved and the records have not yet shown: the eye sees it where it goes, at once."""

from dataclasses import replace

from core.workshop.board import Board, Card


class Pending:
    """Cards on their way. A move stays laid over the board until a reading that began after it was written."""

    def __init__(self) -> None:
        self._turn = 0
        self._moves: dict[str, tuple[int, str, bool]] = {}  # card -> turn, state, whether it is written

    def __bool__(self) -> bool:
        return bool(self._moves)

    def move(self, card: str, status: str) -> int:
        """A card goes to a state; returns the turn, by which its end is told."""
        self._turn += 1
        self._moves[card] = (self._turn, status, False)
        return self._turn

    def done(self, card: str, turn: int) -> None:
        """It is written; a later move of the same card is not."""
        found = self._moves.get(card)
        if found is not None and found[0] == turn:
            self._turn += 1
            self._moves[card] = (self._turn, found[1], True)

    def drop(self, card: str, turn: int) -> None:
        """It was refused: the card is where it was."""
        found = self._moves.get(card)
        if found is not None and found[0] == turn:
            del self._moves[card]

    def began(self) -> int:
        """A reading begins now; give this to ``settle`` when it is there."""
        return self._turn

    def settle(self, began: int) -> None:
        """What was written before that reading began is in it."""
        self._moves = {card: move for card, move in self._moves.items() if not (move[2] and move[0] <= began)}

    def laid_over(self, board: Board) -> Board:
        """The board with these cards where they go, each in its place by promise."""
        known = {card.id: card for card in board.cards}
        moving = {id_: (known[id_], status) for id_, (_, status, _) in self._moves.items() if id_ in known}
        moving = {id_: move for id_, move in moving.items() if move[0].status != move[1]}
        if not moving:
            return board
        columns = []
        for column in board.columns:
            stay = [card for card in column.cards if card.id not in moving]
            come = [replace(card, status=end, disputed=()) for card, end in moving.values() if end == column.status]
            cards = sorted([*stay, *come], key=_place)
            columns.append(replace(column, cards=tuple(cards), count=column.count + len(cards) - len(column.cards)))
        return replace(board, columns=tuple(columns))


def _place(card: Card) -> tuple[bool, int, str]:
    return card.promised_at is None, card.promised_at or 0, card.id
