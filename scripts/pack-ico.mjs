// Packs PNG files into one .ico: a six-byte header, one directory entry of 16 bytes an image, then the images.
// Usage: node scripts/pack-ico.mjs OUT.ico IN.png…
import { readFileSync, writeFileSync } from "node:fs";

const [output, ...inputs] = process.argv.slice(2);
const images = inputs.map((path) => readFileSync(path));

const header = Buffer.alloc(6);
header.writeUInt16LE(1, 2); // an icon, not a cursor
header.writeUInt16LE(images.length, 4);

let offset = header.length + 16 * images.length;
const entries = images.map((image) => {
  const entry = Buffer.alloc(16);
  // A PNG's IHDR holds width and height at bytes 16 and 20; the directory writes 256 as 0.
  entry.writeUInt8(image.readUInt32BE(16) % 256, 0);
  entry.writeUInt8(image.readUInt32BE(20) % 256, 1);
  entry.writeUInt16LE(1, 4); // colour planes
  entry.writeUInt16LE(32, 6); // bits a pixel
  entry.writeUInt32LE(image.length, 8);
  entry.writeUInt32LE(offset, 12);
  offset += image.length;
  return entry;
});
writeFileSync(output, Buffer.concat([header, ...entries, ...images]));
