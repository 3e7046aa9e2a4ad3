"""A formula over data bytes, as the tables write it (``(256*A+B)/4``), turned once into fast Python and numpy.

The language is arithmetic, bit operations and comparisons over the bytes ``A`` to ``Z`` and ``AA`` to ``AZ``
(spreadsheet columns, as SAE J1979 letters them: A is the first data byte), and four functions:

- ``signed(x, bits)``: ``x`` as a two's complement number of that many bits;
- ``bit(x, n)``: bit ``n`` of ``x``, 0 is the lowest;
- ``u16(x, y)`` and ``u32(w, x, y, z)``: big-endian words.

Nothing else is understood: the text is parsed, checked node by node and only then compiled, so a table cannot run code.
"""

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

ByteRows = npt.NDArray[np.uint8]
Column = npt.NDArray[np.float64]

LETTERS = tuple(chr(65 + n) for n in range(26)) + tuple("A" + chr(65 + n) for n in range(26))
POSITION = {letter: position for position, letter in enumerate(LETTERS)}

_SIGNS: dict[type[ast.operator | ast.cmpop], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%",
    ast.BitAnd: "&", ast.BitOr: "|", ast.LShift: "<<", ast.RShift: ">>",
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
_ARITY = {"signed": 2, "bit": 2, "u16": 2, "u32": 4}
_FLAG = re.compile(r"(!?)([A-Z]{1,2})([0-7])")


class FormulaError(ValueError):
    """The text is not a formula of this language; the message says where it stops being one."""


def _call(node: ast.Call, text: str) -> str:
    if not isinstance(node.func, ast.Name) or node.func.id not in _ARITY or node.keywords:
        raise FormulaError(f"{text!r}: {ast.unparse(node)!r} calls something other than {', '.join(_ARITY)}")
    name = node.func.id
    if len(node.args) != _ARITY[name]:
        raise FormulaError(f"{text!r}: {name}() takes {_ARITY[name]} arguments")
    parts = [_python(argument, text) for argument in node.args]
    if name == "u16":
        return f"({parts[0]}<<8|{parts[1]})"
    if name == "u32":
        return f"({parts[0]}<<24|{parts[1]}<<16|{parts[2]}<<8|{parts[3]})"
    width = node.args[1]
    if not isinstance(width, ast.Constant) or type(width.value) is not int or not 0 <= width.value <= 32:
        raise FormulaError(f"{text!r}: {name}() wants a plain number of bits, 0 to 32")
    if name == "bit":
        return f"({parts[0]}>>{width.value}&1)"
    if width.value == 0:
        raise FormulaError(f"{text!r}: signed() wants at least one bit")
    # Two's complement without a branch, so that it is the same text for an int and for a numpy array.
    sign = 1 << (width.value - 1)
    return f"(({parts[0]}^{sign})-{sign})"


def _python(node: ast.AST, text: str) -> str:
    """The checked node as a Python expression over ``d``, which may be ``bytes`` or a tuple of integer arrays."""
    match node:
        case ast.Expression(body=body):
            return _python(body, text)
        case ast.Constant(value=value) if type(value) in (int, float):
            return repr(value)
        case ast.Name(id=name) if name in POSITION:
            return f"d[{POSITION[name]}]"
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return f"(-{_python(operand, text)})"
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _SIGNS:
            return f"({_python(left, text)}{_SIGNS[type(op)]}{_python(right, text)})"
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _SIGNS:
            # Times one: numpy's truth values do not add up to a number as Python's do.
            return f"(({_python(left, text)}{_SIGNS[type(op)]}{_python(right, text)})*1)"
        case ast.Call():
            return _call(node, text)
    raise FormulaError(f"{text!r}: {ast.unparse(node)!r} is not part of the formula language")


@dataclass(frozen=True)
class Formula:
    """One formula; ``Formula.of`` keeps those it has parsed.

    ``python`` is the checked expression over ``d``, ``positions`` are the data bytes it reads, ``bytes_needed`` is how
    long a reply must be for it. Raises ``FormulaError`` when the text is not of the language.
    """

    text: str
    python: str = field(init=False, repr=False)
    positions: tuple[int, ...] = field(init=False, repr=False)

    @staticmethod
    @cache
    def of(text: str) -> "Formula":
        """The formula of this text, parsed once. Raises ``FormulaError``."""
        return Formula(text)

    def __post_init__(self) -> None:
        try:
            tree = ast.parse(self.text.strip(), mode="eval")
        except (SyntaxError, ValueError) as error:
            raise FormulaError(f"{self.text!r} is not a formula: {error}") from None
        object.__setattr__(self, "python", _python(tree, self.text))
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        object.__setattr__(self, "positions", tuple(sorted(POSITION[name] for name in names if name in POSITION)))

    @property
    def bytes_needed(self) -> int:
        return self.positions[-1] + 1 if self.positions else 0

    @cached_property
    def _function(self) -> Callable[[Any], Any]:
        # Safe: the expression was built from checked nodes only.
        function: Callable[[Any], Any] = eval(
            compile(f"lambda d: {self.python}", f"<formula {self.text}>", "eval"), {"__builtins__": {}}
        )
        return function

    def value(self, data: bytes) -> float:
        """The formula over one reply's data bytes."""
        return float(self._function(data))

    def column(self, rows: ByteRows) -> Column:
        """The formula over many replies at once: ``rows`` has the shape (n, length), the result (n,)."""
        columns = tuple(rows[:, position].astype(np.int64) for position in range(rows.shape[1]))
        return np.broadcast_to(np.asarray(self._function(columns), dtype=np.float64), (rows.shape[0],)).copy()


def flag(text: str) -> Formula:
    """A support bit as the tables write it, ``A0`` (bit 0 of byte A is set) or ``!B3`` (is clear), as a formula.

    Raises ``FormulaError`` when it is neither.
    """
    found = _FLAG.fullmatch(text)
    if not found:
        raise FormulaError(f"{text!r} is not a bit such as A0 or !B3")
    return Formula.of(f"bit({found[2]}, {found[3]}) == {0 if found[1] else 1}")


@dataclass(frozen=True, slots=True)
class Field:
    """A formula turned round: the bits it reads and ``value = offset + step * number``, the number being those bits.

    ``bits`` are (byte position, bit mask) from the lowest power of two up; ``signed`` says that the last of them
    counts negative.
    """

    offset: float
    step: float
    bits: tuple[tuple[int, int], ...]
    signed: bool

    @property
    def lowest(self) -> int:
        return -(1 << len(self.bits) - 1) if self.signed else 0

    @property
    def highest(self) -> int:
        return (1 << len(self.bits) - 1) - 1 if self.signed else (1 << len(self.bits)) - 1

    @property
    def minimum(self) -> float:
        return self.offset + self.step * self.lowest

    @property
    def maximum(self) -> float:
        return self.offset + self.step * self.highest

    def write(self, into: bytearray, value: float) -> None:
        """Put the nearest representable value into ``into``, clamped to what the bits can say; NaN is refused."""
        number = (value - self.offset) / self.step
        number = round(min(max(number, self.lowest), self.highest))
        for power, (position, mask) in enumerate(self.bits):
            if number >> power & 1:
                into[position] |= mask
            else:
                into[position] &= ~mask


def invert(formula: Formula) -> Field:
    """The field a formula reads, found by asking it about every bit on its own.

    Every scaling of the standard is linear in the bits, the sign bit of a two's complement number included (it has a
    negative weight), so the weights of the single bits say everything. Raises ``FormulaError`` for a formula that is
    not such a sum, or whose weights are not powers of two of one step.
    """
    length = formula.bytes_needed
    zero = formula.value(bytes(length))
    weights: list[tuple[float, int, int]] = []
    for position in formula.positions:
        for mask in (1 << n for n in range(8)):
            probe = bytearray(length)
            probe[position] = mask
            weight = formula.value(bytes(probe)) - zero
            if weight:
                weights.append((weight, position, mask))
    weights.sort(key=lambda entry: abs(entry[0]))
    if not weights:
        raise FormulaError(f"{formula.text!r} reads no byte")
    step = abs(weights[0][0])
    for power, (weight, _, _) in enumerate(weights):
        if abs(abs(weight) / step - (1 << power)) > 1e-6 * (1 << power):
            raise FormulaError(f"{formula.text!r} does not read one binary number")
    signs = [weight < 0 for weight, _, _ in weights]
    if any(signs[:-1]):
        raise FormulaError(f"{formula.text!r} falls where its bytes rise")
    total = zero + sum(weight for weight, _, _ in weights)
    # The step from the whole span is more exact than a difference of two nearly equal numbers.
    positive = sum(weight for weight, _, _ in weights if weight > 0)
    exact = positive / ((1 << len(weights) - signs[-1]) - 1) if positive else step
    if abs(formula.value(b"\xff" * length) - total) > 1e-6 * max(1.0, abs(total)):
        raise FormulaError(f"{formula.text!r} is not linear in its bits")
    return Field(zero, exact, tuple((position, mask) for _, position, mask in weights), signs[-1])
