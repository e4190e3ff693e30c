import { constants, inflateSync } from "node:zlib";
import {
  PDFArray,
  PDFCatalog,
  PDFDict,
  PDFName,
  PDFNumber,
  type PDFObject,
  PDFPageTree,
  PDFParser,
  PDFRawStream,
  type PDFRef,
} from "@cantoo/pdf-lib";
import { inflatedLength } from "./inflated.ts";
import { namedIn } from "./pdf_active.ts";
import { findOpening } from "./pdf_links.ts";
import { sizeRejection } from "./picture.ts";
import type { Rejection } from "./rejection.ts";
import { fromBase85, fromHex, unpackedByRuns, unpackedByWords } from "./unpacked.ts";

/** What one stream may unpack to (a page scanned at 600 dots in colour), and all of them together. */
const MOST_OF_A_STREAM = 128 << 20;
const MOST_OF_ALL = 512 << 20;
const MOST_OF_OBJECTS = 32 << 20;
const MOST_OBJECTS = 250_000;
const MOST_DEPTH = 500;

export type PDFDocumentObjects = { rootKinds: { catalog: boolean; pages: boolean } };

/** The parts of the parser that are used here; its own types hide them. */
type Parser = {
  bytes: { offset(): number };
  context: { assign(ref: PDFRef, object: PDFObject): void };
  parseIndirectObjectHeader(): PDFRef;
  parseIndirectObject(): Promise<PDFRef>;
  parseObject(ref?: PDFRef): PDFObject;
  parseDocument(): Promise<unknown>;
};

/** Ends the reading; the parser goes on after ordinary errors. */
class Refused extends Error {
  readonly rejection: Rejection;
  constructor(rejection: Rejection) {
    super(rejection);
    this.rejection = rejection;
  }
}

/**
 * Takes every object out of a PDF, in the order of its bytes, and shows each to `inspect`: also those that a later version
 * replaced. Nothing is unpacked before it is known how long it gets.
 *
 * Readers find objects by a table, and when it is wrong by looking for `1 0 obj`; so whatever looks like the beginning of an
 * object must be one that was read here. A file in which one hides, in a stream or a comment, is malformed.
 */
export async function readObjects(
  bytes: Buffer,
  inspect: (object: PDFObject) => Rejection | null,
): Promise<PDFDocumentObjects | Rejection> {
  const text = bytes.toString("latin1");
  const named = namedIn(text);
  if (named) return named;
  if (/\/Encrypt[\s\0]*(?:\d+\s+\d+\s+R|<<)/.test(text)) return "encrypted";

  const parser = PDFParser.forBytesWithOptions(
    bytes,
    Number.POSITIVE_INFINITY,
    false,
    false,
    true,
  ) as unknown as Parser;
  const rootKinds = { catalog: false, pages: false };
  const begun = new Set<number>();
  const opening: PDFDict[] = [];
  let refused: Rejection | null = null;
  let objects = 0;
  let unpacked = 0;

  const refuse = (rejection: Rejection): never => {
    refused ??= rejection;
    throw new Refused(rejection);
  };
  const show = (object: PDFObject): void => {
    if (refused) throw new Refused(refused);
    objects += 1;
    if (objects > MOST_OBJECTS) refuse("too_complex");
    if (object instanceof PDFCatalog) rootKinds.catalog = true;
    if (object instanceof PDFPageTree && object.get(PDFName.of("Kids"))) rootKinds.pages = true;
    if (object instanceof PDFDict && object.has(PDFName.of("OpenAction"))) opening.push(object);
    const found = inspect(object);
    if (found) refuse(found);
  };

  const { context } = parser;
  const assign = context.assign.bind(context);
  context.assign = (ref, object) => {
    show(object);
    assign(ref, object);
  };
  const parseHeader = parser.parseIndirectObjectHeader.bind(parser);
  parser.parseIndirectObjectHeader = () => {
    const ref = parseHeader();
    begun.add(parser.bytes.offset());
    return ref;
  };
  const parseIndirectObject = parser.parseIndirectObject.bind(parser);
  parser.parseIndirectObject = async () => {
    if (refused) throw new Refused(refused);
    depth = 0; // the last one may have ended in an error
    return await parseIndirectObject();
  };
  // Streams are measured as they are read, before the parser unpacks those that hold objects.
  const streams: PDFRawStream[] = [];
  const parseObject = parser.parseObject.bind(parser);
  let depth = 0;
  parser.parseObject = (ref) => {
    depth += 1;
    if (depth > MOST_DEPTH) refuse("too_complex");
    const object = parseObject(ref);
    depth -= 1;
    if (object instanceof PDFRawStream) {
      const type = object.dict.get(PDFName.of("Type"));
      if (type === PDFName.of("ObjStm") || type === PDFName.of("XRef")) {
        const length = objectsLength(object);
        if (typeof length === "string") return refuse(length);
        unpacked += length;
        if (unpacked > MOST_OF_ALL) refuse("inflates_too_far");
      } else if (object.dict.get(PDFName.of("First")) && object.dict.get(PDFName.of("N"))) {
        refuse("malformed"); // objects under a false name, which readers take out all the same
      } else streams.push(object);
    }
    return object;
  };

  try {
    await parser.parseDocument();
  } catch {
    return refused ?? "malformed";
  }
  if (refused) return refused;
  // Only now is it known what the numbers stand for.
  for (const object of opening) {
    const found = findOpening(object);
    if (found) return found;
  }
  for (const stream of streams) {
    const length = await unpackedLength(stream);
    if (typeof length === "string") return length;
    unpacked += length;
    if (unpacked > MOST_OF_ALL) return "inflates_too_far";
  }
  return hidesObjects(text, begun) ? "malformed" : { rootKinds };
}

/** Objects are text: a stream of them has to fit at once. Readers take other packings for them, writers use none. */
function objectsLength(stream: PDFRawStream): number | Rejection {
  const filter = stream.dict.get(PDFName.of("Filter"));
  const only = filter instanceof PDFArray && filter.size() === 1 ? filter.get(0) : filter;
  const contents = stream.getContents();
  if (only === undefined) return contents.length;
  if (only !== PDFName.of("FlateDecode")) return "malformed";
  const bytes = inflated(contents, MOST_OF_OBJECTS);
  return bytes === "inflates_too_far" ? bytes : bytes.length;
}

const pictures = new Set(["DCTDecode", "DCT", "JPXDecode", "CCITTFaxDecode", "CCF", "JBIG2Decode"]);

/** How long a stream gets through all of its filters; pictures by the size they say. */
async function unpackedLength(stream: PDFRawStream): Promise<number | Rejection> {
  const filters = filtersOf(stream);
  let bytes: Uint8Array = stream.getContents();
  for (const [place, filter] of filters.entries()) {
    if (filter === "Crypt") return "encrypted";
    if (pictures.has(filter)) {
      const [width, height] = ["Width", "Height"].map((key) => numberOf(stream, key));
      const rejection = sizeRejection(width || 1, height || 1);
      return rejection ?? bytes.length;
    }
    const isLast = place === filters.length - 1;
    if (filter === "ASCIIHexDecode" || filter === "AHx") bytes = fromHex(bytes);
    else if (filter === "ASCII85Decode" || filter === "A85") bytes = fromBase85(bytes);
    else if (filter === "FlateDecode" || filter === "Fl") {
      const length = (await inflatedLength(bytes, MOST_OF_A_STREAM)) ?? 0;
      if (length > MOST_OF_A_STREAM) return "inflates_too_far";
      if (isLast) return length;
      const more = inflated(bytes, MOST_OF_A_STREAM);
      if (typeof more === "string") return more;
      bytes = more;
    } else {
      const isWords = filter === "LZWDecode" || filter === "LZW";
      if (!isWords && filter !== "RunLengthDecode" && filter !== "RL") return "malformed";
      // No writer packs once more what is packed so; who does wants to hide how long it gets.
      if (!isLast) return "inflates_too_far";
      const length = isWords ? unpackedByWords(bytes, earlyChangeOf(stream)) : unpackedByRuns(bytes);
      return length > MOST_OF_A_STREAM ? "inflates_too_far" : length;
    }
  }
  return bytes.length;
}

function inflated(bytes: Uint8Array, most: number): Buffer | "inflates_too_far" {
  try {
    return inflateSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: most });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE"
      ? "inflates_too_far"
      : Buffer.alloc(0);
  }
}

function filtersOf({ dict }: PDFRawStream): string[] {
  const filter = dict.lookup(PDFName.of("Filter"));
  const filters = filter instanceof PDFArray ? filter.asArray() : filter ? [filter] : [];
  return filters.map((one) => {
    const name = dict.context.lookup(one);
    return name instanceof PDFName ? name.decodeText() : "";
  });
}

function numberOf({ dict }: PDFRawStream, key: string): number {
  const value = dict.lookup(PDFName.of(key));
  return value instanceof PDFNumber ? value.asNumber() : 0;
}

function earlyChangeOf({ dict }: PDFRawStream): number {
  const given = dict.lookup(PDFName.of("DecodeParms"));
  const parms = given instanceof PDFArray ? given.lookup(given.size() - 1) : given;
  const value = parms instanceof PDFDict ? parms.lookup(PDFName.of("EarlyChange")) : undefined;
  return value instanceof PDFNumber ? value.asNumber() : 1;
}

/** What looks like the beginning of an object of many parts, wherever it stands, was begun as one by the parser. */
function hidesObjects(text: string, begun: Set<number>): boolean {
  for (const { index } of text.matchAll(/[\d\s\0]obj(?=[\s\0]*(?:<<|%))/g)) {
    if (!begun.has(index + "0obj".length)) return true;
  }
  return false;
}
