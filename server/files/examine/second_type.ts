/** What browsers and servers take for a page or a program when they meet it early in a file. */
const markup =
  /<(?:!doctype\s+html|html|head|body|script|iframe|svg|meta|link|style|object|embed|\?php)\b|<\?php|<%@/i;
const EARLY = 4096;
/** Anywhere in a file: whole words that mean a page or a program, and come about by no chance in packed data. */
const page = /<(?:!doctype\s+html|html[\s>]|script[\s>/]|iframe[\s>]|\?php\s)/i;

/** Archives that open wherever they begin: programs that unpack themselves put code in front. */
const archives = [Buffer.from("Rar!\x1a\x07", "latin1"), Buffer.from("7z\xbc\xaf\x27\x1c", "latin1")];

/** Types whose mark stands at a fixed place behind what they leave free: tape archives, DICOM, disc images. */
const marks: [place: number, mark: string][] = [
  [257, "ustar"],
  [128, "DICM"],
  [32_769, "CD001"],
];

/** Whether other programs would find a file of another type in these bytes. */
export function hasSecondType(bytes: Buffer): boolean {
  return (
    markup.test(bytes.toString("latin1", 0, EARLY)) ||
    page.test(bytes.toString("latin1")) ||
    marks.some(([place, mark]) => bytes.toString("latin1", place, place + mark.length) === mark) ||
    archives.some((archive) => bytes.includes(archive)) ||
    endsAsZip(bytes)
  );
}

const END_OF_DIRECTORY = Buffer.from("PK\x05\x06", "latin1");
const DIRECTORY_ENTRY = 0x02014b50;
const END_BYTES = 22;
/** A comment of up to 65,535 bytes may follow; readers look no further back. */
const FARTHEST = END_BYTES + 65_535;

/** ZIP (and with it JAR, DOCX, APK) is read from its end; whatever is in front does not matter to it. */
function endsAsZip(bytes: Buffer): boolean {
  const from = Math.max(0, bytes.length - FARTHEST);
  for (
    let end = bytes.indexOf(END_OF_DIRECTORY, from);
    end !== -1 && end + END_BYTES <= bytes.length;
    end = bytes.indexOf(END_OF_DIRECTORY, end + 1)
  ) {
    const entries = bytes.readUInt16LE(end + 10);
    const directory = end - bytes.readUInt32LE(end + 12);
    // Four bytes may come about by chance in compressed data; four bytes that lead to four others do not.
    if (entries > 0 && directory >= 0 && bytes.readUInt32LE(directory) === DIRECTORY_ENTRY) return true;
    // ZIP64, or an archive without entries: nothing else has all of its numbers like this.
    if (entries === 0xffff || bytes.subarray(end + 4, end + 20).every((byte) => byte === 0)) return true;
  }
  return false;
}
