import { inflateRawSync } from "node:zlib";

/** The longest document that is read out of an archive, in bytes. */
const longest = 10 * 1024 * 1024;
const endMark = 0x06054b50;
const entryMark = 0x02014b50;

/**
 * The files of a ZIP archive by their names, from its central directory, stored or deflated: what the office's archives use. Null for
 * what is no such archive.
 */
export function filesOf(archive: Buffer): Map<string, Buffer> | null {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || end + 22 > archive.length || archive.readUInt32LE(end) !== endMark) return null;
  const files = new Map<string, Buffer>();
  try {
    let at = archive.readUInt32LE(end + 16);
    for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
      if (archive.readUInt32LE(at) !== entryMark) return null;
      const method = archive.readUInt16LE(at + 10);
      const size = archive.readUInt32LE(at + 20);
      const nameLength = archive.readUInt16LE(at + 28);
      const name = archive.toString("utf8", at + 46, at + 46 + nameLength);
      const header = archive.readUInt32LE(at + 42);
      const start = header + 30 + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28);
      const packed = archive.subarray(start, start + size);
      if (packed.length !== size) return null;
      if (method === 0) files.set(name, packed);
      else if (method === 8) files.set(name, inflateRawSync(packed, { maxOutputLength: longest }));
      else return null;
      at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
    }
  } catch {
    return null; // an offset that leads out of it, or bytes that do not unpack
  }
  return files;
}
