"""A web address as a QR code, so that nobody types it on a phone."""

import qrcode

QUIET_ZONE = 4  # modules of white around it: ISO/IEC 18004, section 6.3.8


def qr_matrix(url: str) -> list[list[bool]]:
    """The code as rows of dark (True) and light modules, the quiet zone included; square."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=QUIET_ZONE)
    code.add_data(url)
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.get_matrix()]


def qr_svg(url: str) -> str:
    """The code as an SVG image, black on white whatever the theme: not every phone reads an inverted one."""
    rows = qr_matrix(url)
    side = len(rows)
    squares = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<rect width="{side}" height="{side}" fill="#ffffff"/><path d="{squares}" fill="#000000"/></svg>'
    )
