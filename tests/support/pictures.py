"""Pictures of pages, kept small: a palette of the commonest colours instead of all of them."""

import base64
import struct
import zlib
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

# Of a picture, in CSS pixels.
TALLEST = 2_400
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PALETTE, _EIGHT_BITS = 3, 8

# Colours in steps of 8 a channel (edges of letters have hundreds), the 256 commonest of them, and
# for each pixel the nearest. The browser does it: it has decoded the picture already.
_REDUCE = """async (source) => {
  const blob = new Blob([Uint8Array.from(atob(source), c => c.charCodeAt(0))]);
  const picture = await createImageBitmap(blob);
  const {width, height} = picture;
  const canvas = new OffscreenCanvas(width, height).getContext('2d');
  canvas.drawImage(picture, 0, 0);
  const at = canvas.getImageData(0, 0, width, height).data;
  const key = i => (at[i] >> 3) << 10 | (at[i + 1] >> 3) << 5 | at[i + 2] >> 3;
  const seen = new Map();
  for (let i = 0; i < at.length; i += 4) {
    const k = key(i), known = seen.get(k);
    if (known) known.many++; else seen.set(k, {k, many: 1, rgb: [at[i], at[i + 1], at[i + 2]]});
  }
  const common = [...seen.values()].sort((a, b) => b.many - a.many || a.k - b.k).slice(0, 256);
  const place = new Map(common.map((one, n) => [one.k, n]));
  const nearest = rgb => {
    let best = 0, least = Infinity;
    common.forEach((one, n) => {
      const d = one.rgb.reduce((sum, v, c) => sum + (v - rgb[c]) ** 2, 0);
      if (d < least) { least = d; best = n; }
    });
    return best;
  };
  const pixels = new Uint8Array(width * height);
  for (let i = 0, n = 0; i < at.length; i += 4, n++) {
    const k = key(i);
    if (!place.has(k)) place.set(k, nearest([at[i], at[i + 1], at[i + 2]]));
    pixels[n] = place.get(k);
  }
  let text = '';
  for (let i = 0; i < pixels.length; i += 32768)
    text += String.fromCharCode(...pixels.subarray(i, i + 32768));
  return {width, height, palette: common.map(one => one.rgb).flat(), pixels: btoa(text)};
}"""


def save(page: Page, path: Path) -> None:
    """A picture of the page. A long one is cut: its hundredth row tells what its tenth told."""
    wide, tall = page.evaluate("[window.innerWidth, document.documentElement.scrollHeight]")
    taken = page.screenshot(
        full_page=True, clip={"x": 0, "y": 0, "width": wide, "height": min(tall, TALLEST)}
    )
    # Evaluated in a page of its own: the hub's own pages let no picture in from elsewhere.
    desk = page.context.new_page()
    reduced = desk.evaluate(_REDUCE, base64.b64encode(taken).decode())
    desk.close()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_png(reduced))


def _png(reduced: dict[str, Any]) -> bytes:
    """A PNG with a palette (ISO 15948). Rows stay unfiltered: flat colours pack best so."""
    width, height = reduced["width"], reduced["height"]
    pixels = base64.b64decode(reduced["pixels"])
    rows = b"".join(b"\0" + pixels[y * width : (y + 1) * width] for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, _EIGHT_BITS, _PALETTE, 0, 0, 0)
    parts = [
        (b"IHDR", header),
        (b"PLTE", bytes(reduced["palette"])),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    ]
    return _SIGNATURE + b"".join(_chunk(kind, content) for kind, content in parts)


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
