// Starts processes: the same document is made on another day and in another time zone, which are a process's own.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import type { Block } from "../block_schemas.ts";
import { type DocumentInput, render } from "../index.ts";
import { everyBlock, flag } from "./every_block.ts";
import { example, picturesFor, withBlocks, words } from "./examples.ts";
import { textOf } from "./read_pdf.ts";

/** Half the memory that a document may have is enough for all of these. */
const bounds = { mostMb: 192 };
const made = (input: DocumentInput, pictures: ReadonlyMap<string, Buffer> = picturesFor(input)) =>
  render(input, pictures, bounds);
const pagesOf = async (input: DocumentInput) => textOf((await made(input)).bytes);

describe("a document (DOC-02)", () => {
  test("a report says what its fields say, in the clinic's language, zone and currency, with ș and ț", async () => {
    const [page = ""] = await pagesOf(example());
    for (const line of [
      "Fișă de kinetoterapie",
      "Pacient: Ștefania Mureșan",
      "Născut(ă): 17 martie 1984",
      "Ședința: 24.11.2026, 11:00",
      "Preț: 180,00 RON",
      "Întinderi ischiogambieri",
      "10.11.2026 – Kinetoterapie individuală, Dr. Ioana Țuțuianu",
      "Mers zilnic 30 de minute; gheață după efort.",
      "Document nr. 2026/17 din 24.11.2026 · Pagina 1 din 1",
    ])
      expect(page.replaceAll("\u00a0", " ")).toContain(line);
    expect(page).not.toContain("Fără recomandări");
  });

  test("another language, zone and paper write the same values otherwise", async () => {
    const input = example();
    input.document.locale = "en-GB";
    input.document.timezone = "America/New_York";
    input.layout.paper = "A5";
    input.footer = null;
    const pages = await pagesOf(input);
    expect(pages.join("\n")).toContain("Ședința: 24/11/2026, 04:00");
    expect(pages.at(-1)).toContain(`Page ${pages.length} of ${pages.length}`);
  });

  test("a signed form has its answers, the strokes, and a proof whose digests are of one piece (DOC-05, CNS-07)", async () => {
    const input = example("example_form_input");
    const { bytes, pages } = await made(input);
    const text = (await textOf(bytes)).join("\n");
    expect(pages).toBe(2);
    for (const line of [
      "Aveți alergii?",
      "Ibuprofen",
      "500 mg",
      "Dovada semnării",
      "Semnat la 20.11.2026, 10:15",
    ])
      expect(text).toContain(line);
    const proof = input.proof as Record<string, string>;
    for (const name of ["sha256", "contentSha256", "textSha256", "answersSha256"])
      expect(text).toContain(proof[name]);
    const unsigned = await made({ ...input, signature: {} });
    expect(unsigned.bytes.equals(bytes)).toBe(false);
  });

  test("every type of block is shown, on small paper, with digests that stay whole (DOC-01, CNS-07)", async () => {
    const input = everyBlock();
    const shown = new Set<string>();
    JSON.stringify([input.blocks, input.letterhead, input.footer], (_, value) => {
      if (typeof value?.id === "string" && typeof value.type === "string") shown.add(value.type);
      return value;
    });
    const types = readdirSync(new URL("../blocks/", import.meta.url)).map((file) => file.replace(".ts", ""));
    expect([...shown].sort()).toEqual(types.filter((type) => type !== "index").sort());
    const { bytes, pages } = await made(input, new Map([...picturesFor(input), flag()]));
    const found = await textOf(bytes);
    const text = found.join("\n").replaceAll("\u00a0", " ");
    for (const line of [
      "ăâîșț ĂÂÎȘȚ",
      "miercuri, 2 decembrie 2026",
      "vineri, ultima zi: 03.12.2026, 09:00",
      "fără durere",
      "Aveți alergii?",
      "Semnături: desenată, scrisă, goală",
    ])
      expect(text).toContain(line);
    expect(text).not.toContain("vineri, 3 decembrie");
    expect(found.filter((page) => page.includes("Flexie (°)")).length).toBeGreaterThan(2);
    expect([...text.matchAll(/\d\d\.10\.2026 (\d+)/g)].map(([, angle]) => Number(angle))).toEqual(
      Array.from({ length: 45 }, (_, place) => 60 + place),
    );
    const proof = input.proof as Record<string, string>;
    for (const name of ["sha256", "contentSha256", "textSha256", "answersSha256"])
      expect(found[pages - 1]).toContain(proof[name]);
  });

  test("the same input makes the same bytes: again, in another process, on another day, in another time zone", async () => {
    const here = [];
    for (const name of ["example_input", "example_form_input"] as const) {
      const once = await made(example(name));
      const again = await made(example(name));
      expect(again.bytes.equals(once.bytes)).toBe(true);
      here.push(createHash("sha256").update(once.bytes).digest("hex"));
    }
    const later = `const { now } = Date; const Then = Date; Date.now = () => now() + 400 * 86400000;
      globalThis.Date = class extends Then { constructor(...of) { super(...(of.length ? of : [Then.now()])); } };`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [
        "--import",
        `data:text/javascript,${encodeURIComponent(later)}`,
        fileURLToPath(new URL("print_digest.ts", import.meta.url)),
      ],
      { env: { TZ: "Pacific/Auckland", LANG: "el_GR.UTF-8" } },
    );
    expect(stdout.trim().split("\n")).toEqual(here);
  });
});

test("what was rendered before in the same thread changes nothing: neither bytes nor what is read out of them", async () => {
  const report = example();
  const before = await made(report);
  await made(withBlocks([words("comma", "ș ț ă Ș")]));
  const plain = withBlocks([words("plain", "stata S")]);
  expect((await pagesOf(plain)).join()).toContain("stata S");
  expect((await made(report)).bytes.equals(before.bytes)).toBe(true);
});

describe("a long table", () => {
  const rows = Array.from({ length: 400 }, (_, place) => ({
    name: `Exercițiul ${place}.`,
    sets: 3,
    note: "țintă",
  }));

  test("of 400 rows goes through the pages with its head on each, no row twice, none lost, in bounded memory", async () => {
    const input = example();
    (input.data.input as Record<string, unknown>).exercises = rows;
    const { bytes, pages } = await made(input);
    const found = await textOf(bytes);
    expect(found).toHaveLength(pages);
    expect(pages).toBeGreaterThan(10);
    expect(
      found.flatMap((page) => [...page.matchAll(/Exercițiul (\d+)\./g)].map(([, place]) => Number(place))),
    ).toEqual(rows.map((_, place) => place));
    for (const [place, page] of found.entries()) {
      expect(page).toContain(`Pagina ${place + 1} din ${pages}`);
      expect(page).toContain("Clinica Atlas Recuperare");
      expect(page.includes("Exercițiu Serii")).toBe(page.includes("Exercițiul "));
    }
  });
});

describe("what is made to hurt", () => {
  const hostile = [
    words("long", "a".repeat(20_000)),
    words("controls", "con\u0000trol\u0007 \u202Eturned\u202C zero\u200Bwidth\uFEFF \uD800half"),
    words("composed", "s\u0326i t\u0326ara\u0306"),
    words("signs", "שלום ← → ✓ ☐ Ωμέγα Жизнь 😀👩‍⚕️"),
    {
      type: "table",
      id: "narrow",
      columns: Array.from({ length: 20 }, () => ({})),
      rows: [[[{ text: "w".repeat(5000) }]]],
    },
  ] satisfies Block[];

  test("long words, controls, other directions, emoji: shown as far as a page can", async () => {
    const text = (await pagesOf(withBlocks(hostile))).join("\n");
    expect(text).toContain("control turned zerowidth");
    expect(text).toContain("și țară");
    expect(text).toContain("Ωμέγα Жизнь");
    expect(text.match(/a/g)?.length).toBeGreaterThan(19_990);
  });

  const many = Array.from({ length: 10_000 }, (_, place) => words(`p${place}`, "un paragraf"));
  const deep = Array.from({ length: 2000 }).reduce<Block>(
    (inner) => ({ type: "repeat", id: "r", over: "rows", blocks: [inner] }),
    words("end", "x"),
  );
  const rows = Array.from({ length: 1000 }, () => ({ a: 1 }));
  const bomb: Block = {
    type: "repeat",
    id: "r",
    over: "rows",
    blocks: [{ type: "repeat", id: "s", over: "rows", blocks: [words("t", "x")] }],
  };
  const operator: Block = {
    type: "condition",
    id: "c",
    when: { field: "patient.name", operator: "~" },
    blocks: [],
  };

  test.each<[string, Block[], string]>([
    ["10,000 paragraphs", many, "too_long"],
    ["a repeat inside a repeat", [bomb], "too_long"],
    ["blocks 2000 deep", [deep], "too_complex"],
    ["an operator that nobody knows", [operator], "condition_unknown"],
    [
      "a picture by its address",
      [{ type: "image", id: "i", src: "https://example.test/a.png" } as never],
      "input_not_valid",
    ],
    ["a block of no type", [{ type: "script", id: "i" } as never], "input_not_valid"],
  ])("%s: refused with its reason", async (_, blocks, reason) => {
    await expect(made(withBlocks(blocks, { rows }))).rejects.toMatchObject({ reason });
  });

  test("a letterhead that leaves no room, a picture that is none, more memory or time than there is", async () => {
    const tall = example();
    tall.letterhead = {
      blocks: Array.from({ length: 4 }, (_, place) => ({ type: "spacer", id: `s${place}`, height: 100 })),
    };
    await expect(made(tall)).rejects.toMatchObject({ reason: "chrome_too_tall" });
    const input = example();
    const broken = new Map([...picturesFor(input).keys()].map((key) => [key, Buffer.from("none")]));
    await expect(made(input, broken)).rejects.toMatchObject({ reason: "picture_not_readable" });
    await expect(made(input, new Map())).rejects.toMatchObject({ reason: "picture_missing" });
    // In threads of their own, which end with them.
    for (const bounds of [{ longestMs: 1, mostMb: 191 }, { mostMb: 12 }]) {
      await expect(render(input, picturesFor(input), bounds)).rejects.toMatchObject({
        reason: "too_complex",
      });
    }
    expect((await made(input)).pages).toBe(1);
  });

  test("nothing is loaded over a network", async () => {
    let asked = 0;
    const server = createServer((_, response) => {
      asked += 1;
      response.end();
    }).listen(0, "127.0.0.1");
    await new Promise((listening) => server.once("listening", listening));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.png`;
    const input = withBlocks([words("url", `<img src="${url}"> ${url}`)]);
    expect((await pagesOf(input)).join()).toContain(url);
    const named = example();
    for (const one of Object.values(named.images)) one.objectKey = url;
    await expect(made(named, new Map())).rejects.toMatchObject({ reason: "picture_missing" });
    expect((await made(named)).pages).toBe(1);
    expect(asked).toBe(0);
    server.close();
  });
});
