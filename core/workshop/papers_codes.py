"""Codes that a scanner or a phone reads from a paper, as SVG pictures: lines for scanners, squares for phones."""

import base64
import io

import barcode  # type: ignore[import-untyped]
import qrcode
from barcode.writer import SVGWriter  # type: ignore[import-untyped]

QUIET_ZONE = 2  # modules of white around squares; on paper white goes on beyond it
# Millimetres. A scanner of the cheap kind reads bars of a quarter of one (ISO/IEC 15417, annex).
_BARS = {"module_width": 0.25, "module_height": 11.0, "quiet_zone": 2.5, "write_text": False}


def barcode_svg(text: str) -> str:
    """``text`` as Code 128, black bars on white. Letters that it does not have are left out; "" becomes "-"."""
    plain = "".join(each for each in text if " " <= each <= "~") or "-"
    kept = io.BytesIO()
    barcode.get("code128", plain, writer=SVGWriter()).write(kept, options=_BARS)
    return str(kept.getvalue(), "utf-8")


def qr_svg(text: str) -> str:
    """``text`` as a QR code, black squares on white."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=QUIET_ZONE)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    squares = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    side = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" width="{side}" height="{side}">'
        f'<rect width="{side}" height="{side}" fill="#fff"/><path d="{squares}" fill="#000"/></svg>'
    )


def photo_svg(picture: bytes, media_type: str) -> str:
    """A photograph, cut to four by three, as a template can place it."""
    coded = base64.b64encode(picture).decode("ascii")
    kind = media_type if media_type in ("image/jpeg", "image/png", "image/webp", "image/gif") else "image/jpeg"
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 400 300" '
        'width="400" height="300"><rect width="400" height="300" fill="#e6e9ed"/><image width="400" height="300" '
        f'preserveAspectRatio="xMidYMid slice" xlink:href="data:{kind};base64,{coded}"/></svg>'
    )
