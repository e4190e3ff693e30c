import { PDFiumLibrary } from "@hyzyla/pdfium";
import { encodePng } from "../../server/files/pictures/encode_png.ts";

/** What a reader finds on each page: its words in their order, by the engine of a browser and not by what wrote them. */
export async function textOf(bytes: Uint8Array): Promise<string[]> {
  return eachPage(bytes, async (page) => page.getText());
}

/** Each page as a picture. */
export async function picturesOfPages(bytes: Uint8Array, scale = 1): Promise<Buffer[]> {
  return eachPage(bytes, async (page) => {
    const drawn = await page.render({
      scale,
      render: async ({ data, width, height }) => encodePng({ width, height, rgba: Buffer.from(data) }),
    });
    return Buffer.from(drawn.data);
  });
}

type Page = ReturnType<Awaited<ReturnType<PDFiumLibrary["loadDocument"]>>["getPage"]>;

/** Opened once for a process. */
let library: Promise<PDFiumLibrary> | undefined;

async function eachPage<T>(bytes: Uint8Array, read: (page: Page) => Promise<T>): Promise<T[]> {
  library ??= PDFiumLibrary.init();
  const document = await (await library).loadDocument(bytes);
  try {
    const found: T[] = [];
    for (const page of document.pages()) found.push(await read(page));
    return found;
  } finally {
    document.destroy();
  }
}
