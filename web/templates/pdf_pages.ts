import type { PDFPageProxy } from "pdfjs-dist";
import worker from "pdfjs-dist/build/pdf.worker.min.mjs?url";
import { Unreachable } from "../../client/index.ts";

/** How many pages are drawn; each takes some megabytes. */
const most = 10;

/** A page as it is shown: drawn, and said. */
export type ShownPage = { number: number; text: string; canvas: HTMLCanvasElement };

let loaded: Promise<typeof import("pdfjs-dist")> | undefined;

/** pdf.js, once somebody looks at a document: it is larger than the rest of the page. */
async function load(): Promise<typeof import("pdfjs-dist")> {
  const pdf = await import("pdfjs-dist");
  pdf.GlobalWorkerOptions.workerPort = new Worker(trusted(worker), { type: "module" });
  return pdf;
}

/** The pages' policy lets no text become the address of a script but through here, where it is one of our own. */
function trusted(url: string): string {
  const { trustedTypes } = globalThis as unknown as {
    trustedTypes?: {
      createPolicy(name: string, rules: object): { createScriptURL(url: string): string };
    };
  };
  return (
    trustedTypes
      ?.createPolicy("pdf-worker", { createScriptURL: (asked: string) => asked })
      .createScriptURL(url) ?? url
  );
}

/** Draws a PDF, with the words of each page for whoever does not see it. */
export async function pagesOf(bytes: ArrayBuffer): Promise<{ shown: ShownPage[]; total: number }> {
  loaded ??= load().catch((cause: unknown) => {
    loaded = undefined;
    throw new Unreachable("What draws documents could not be loaded.", { cause });
  });
  const pdf = await loaded;
  const task = pdf.getDocument({ data: bytes, useWasm: false, useWorkerFetch: false });
  try {
    const document = await task.promise;
    const shown: ShownPage[] = [];
    for (let number = 1; number <= Math.min(most, document.numPages); number += 1)
      shown.push(await shownPage(await document.getPage(number), number));
    return { shown, total: document.numPages };
  } finally {
    await task.destroy();
  }
}

async function shownPage(page: PDFPageProxy, number: number): Promise<ShownPage> {
  const viewport = page.getViewport({ scale: 1.6 });
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [viewport.width, viewport.height];
  await page.render({ canvas, viewport }).promise;
  const { items } = await page.getTextContent();
  const text = items.map((item) => ("str" in item ? item.str + (item.hasEOL ? "\n" : "") : "")).join("");
  return { number, text, canvas };
}
