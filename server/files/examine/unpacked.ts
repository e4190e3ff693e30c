/** How long data gets that PDF packs in its older ways; nothing is unpacked for it. */

/** RunLengthDecode: a count and so many bytes, or a count and one byte that stands for many. */
export function unpackedByRuns(bytes: Uint8Array): number {
  let length = 0;
  for (let at = 0; ; ) {
    const count = bytes[at] ?? 128; // 128 says that this is the end, as the end of the bytes does
    if (count === 128) return length;
    length += count < 128 ? count + 1 : 257 - count;
    at += count < 128 ? count + 2 : 2;
  }
}

/** LZWDecode: codes of 9 to 12 bits for words that grow by a byte each. */
export function unpackedByWords(bytes: Uint8Array, earlyChange = 1): number {
  const lengths = new Uint16Array(4096).fill(1, 0, 256);
  let next = 258;
  let width = 9;
  let previous = -1;
  let length = 0;
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffffff;
    bits += 8;
    if (bits < width) continue;
    bits -= width;
    const code = (held >> bits) & ((1 << width) - 1);
    if (code === 257) break;
    if (code === 256) {
      next = 258;
      width = 9;
      previous = -1;
      continue;
    }
    const before = lengths[previous] ?? 0;
    const word = code < next ? (lengths[code] ?? 1) : before + 1;
    length += word;
    if (previous !== -1) lengths[next++] = before + 1; // one that is full takes no more
    previous = code;
    width =
      next + earlyChange >= 2048 ? 12 : next + earlyChange >= 1024 ? 11 : next + earlyChange >= 512 ? 10 : 9;
  }
  return length;
}

/** ASCIIHexDecode and ASCII85Decode: text, which gets shorter, but for zeros. */
export function fromHex(bytes: Uint8Array): Buffer {
  return Buffer.from(
    Buffer.from(bytes)
      .toString("latin1")
      .split(">", 1)[0]
      ?.replace(/[^0-9a-f]/gi, "") ?? "",
    "hex",
  );
}

export function fromBase85(bytes: Uint8Array): Buffer {
  const found = Buffer.alloc(bytes.length * 4);
  let length = 0;
  let digits = 0;
  let value = 0;
  for (const byte of bytes) {
    if (byte === 0x7e) break;
    if (byte === 0x7a && digits === 0) {
      length += 4;
      continue;
    }
    if (byte < 0x21 || byte > 0x75) continue;
    value = value * 85 + (byte - 0x21);
    digits += 1;
    if (digits === 5) {
      found.writeUInt32BE(value % 2 ** 32, length);
      length += 4;
      digits = 0;
      value = 0;
    }
  }
  if (digits > 1) {
    for (let missing = digits; missing < 5; missing++) value = value * 85 + 84;
    const rest = Buffer.alloc(4);
    rest.writeUInt32BE(value % 2 ** 32);
    rest.copy(found, length, 0, digits - 1);
    length += digits - 1;
  }
  return found.subarray(0, length);
}
