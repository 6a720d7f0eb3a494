#!/usr/bin/env bash
# Makes every icon from the two drawings in icons/. The results are committed; run this after changing a drawing.
# Needs rsvg-convert (Debian: librsvg2-bin) and node_modules (for the .icns and .ico that `tauri icon` packs).
set -euo pipefail
cd "$(dirname "$0")/.."

command -v rsvg-convert >/dev/null || {
  echo "rsvg-convert is missing: apt-get install librsvg2-bin" >&2
  exit 1
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

render() { # drawing size file
  rsvg-convert --width "$2" --height "$2" "icons/$1.svg" --output "$3"
}

render keyreeve-small 16 icons/16x16.png
render keyreeve-small 24 icons/24x24.png
for size in 32 48 64 128 256 512; do
  render keyreeve "$size" "icons/${size}x${size}.png"
done
render keyreeve 256 "icons/128x128@2x.png"
render keyreeve 512 icons/icon.png

render keyreeve 1024 "$work/large.png"
npx --no-install tauri icon "$work/large.png" --output "$work/tauri" >/dev/null
cp "$work/tauri/icon.icns" icons/icon.icns

# The .ico is packed from our own sizes, so that its smallest ones are the simplified drawing.
node scripts/pack-ico.mjs icons/icon.ico icons/16x16.png icons/24x24.png icons/32x32.png icons/48x48.png \
  icons/64x64.png icons/256x256.png
echo "Icons made in icons/."
