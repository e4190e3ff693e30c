import { encodePng } from "../../server/files/pictures/encode_png.ts";
import type { Block, Run } from "../block_schemas.ts";
import type { DocumentInput } from "../input.ts";
import { example } from "./examples.ts";

const bold = (text: string): Run => ({ text, bold: true });
const heading = (id: string, level: number, text: string): Block => ({
  type: "heading",
  id,
  level,
  content: [{ text }],
});
const text = (id: string, ...paragraphs: Run[][]): Block => ({ type: "text", id, paragraphs });

const image = "0190a2b4-7c00-7000-8000-000000000011";
const pictureKey = "clinic/document_images/flag";
const letters =
  "ăâîșț ĂÂÎȘȚ · Ținta: să șadă în șa, fără să țâșnească înapoi; „ghilimele”, 3 × 10, 37,5 °C, ≤ 90°";

/** Everything that a template may hold, in one document on small paper: each type of block, nested, filled and empty. */
export function everyBlock(): DocumentInput {
  const { proof, signature, data } = example("example_form_input");
  const drawn = signature.sign as DocumentInput["signature"][string];
  const report = example();
  return {
    ...report,
    document: { ...report.document, title: "Toate blocurile" },
    layout: { ...report.layout, paper: "A5", font_size: 9 },
    data: {
      ...report.data,
      document: { ...(report.data.document as object), title: "Toate blocurile" },
      form: data.form,
      days: ["luni", "miercuri", "vineri"].map((name, place) => ({
        name,
        starts_at: `2026-12-0${place + 1}T09:00:00+02:00`,
      })),
      measures: Array.from({ length: 45 }, (_, place) => ({
        at: `2026-10-${String((place % 30) + 1).padStart(2, "0")}`,
        angle: 60 + place,
        note:
          place % 7 === 3
            ? "Flexie în șezut, cu genunchiul sprijinit; ușoară durere la sfârșitul mișcării"
            : null,
      })),
    },
    images: {
      ...report.images,
      [image]: { objectKey: pictureKey, sha256: "0".repeat(64), contentType: "image/png" },
    },
    signature: {
      drawn,
      typed: { typedName: "Ștefania Mureșan", name: "Ștefania Mureșan", signedAt: drawn.signedAt },
    },
    proof,
    blocks: [
      heading("h1", 1, "Toate blocurile"),
      heading("h2", 2, "Titluri, text și liste"),
      heading("h3", 3, "Litere românești"),
      text(
        "letters",
        [{ text: letters }],
        [bold(letters)],
        [{ text: letters, italic: true }],
        [{ text: letters, bold: true, italic: true }],
      ),
      {
        ...text("middle", [{ text: "Aliniat la mijloc, cu altă culoare" }]),
        align: "center",
        color: "#a03020",
        size: 12,
      } as Block,
      {
        type: "list",
        id: "points",
        items: [
          [{ text: "un punct cu " }, bold("accent")],
          [{ text: "Pacient: " }, { field: "patient.name" }],
        ],
      },
      { type: "list", id: "numbers", ordered: true, items: [[{ text: "întâi" }], [{ text: "apoi" }]] },
      { type: "divider", id: "line" },
      heading("h_columns", 2, "Coloane și imagine"),
      {
        type: "columns",
        id: "columns",
        columns: [
          { width: 34, blocks: [{ type: "image", id: "picture", file: image, width: 34, alt: "Un steag" }] },
          {
            width: 33,
            blocks: [text("left", [{ text: "Coloana din mijloc, care trece pe mai multe rânduri." }])],
          },
          {
            width: 33,
            blocks: [
              {
                ...text("right", [{ field: "appointment.price", format: "money" }]),
                align: "right",
              } as Block,
            ],
          },
        ],
      },
      { type: "spacer", id: "gap", height: 6 },
      heading("h_logic", 2, "Repetare și condiție"),
      {
        type: "repeat",
        id: "days",
        over: "days",
        blocks: [
          {
            type: "condition",
            id: "is_friday",
            when: { field: "item.name", operator: "equals", value: "vineri" },
            blocks: [
              text("friday", [bold("vineri, ultima zi: "), { field: "item.starts_at", format: "date_time" }]),
            ],
            otherwise: [
              text("day", [
                { field: "item.name" },
                { text: ", " },
                { field: "item.starts_at", format: "date_long" },
              ]),
            ],
          },
        ],
      },
      heading("h_given", 2, "Tabel dat și tabel pe mai multe pagini"),
      {
        type: "table",
        id: "given",
        columns: [
          { header: [{ text: "Scor" }], align: "center", width: 20 },
          { header: [{ text: "Înțeles" }] },
        ],
        rows: [
          [[{ text: "0" }], [{ text: "fără durere" }]],
          [[{ text: "10" }], [{ text: "durere insuportabilă" }]],
        ],
      },
      {
        type: "table",
        id: "measures",
        over: "measures",
        columns: [
          { header: [{ text: "Data" }], width: 22, cell: [{ field: "item.at", format: "date" }] },
          {
            header: [{ text: "Flexie (°)" }],
            width: 22,
            align: "right",
            cell: [{ field: "item.angle", format: "number" }],
          },
          { header: [{ text: "Observații" }], width: 56, cell: [{ field: "item.note" }] },
        ],
      },
      { type: "page_break", id: "break" },
      heading("h_answers", 2, "Răspunsuri"),
      { type: "answers", id: "answers", show_texts: true, show_unanswered: true },
      heading("h_signatures", 2, "Semnături: desenată, scrisă, goală"),
      {
        type: "columns",
        id: "signatures",
        columns: ["drawn", "typed", "empty"].map((id) => ({
          width: 33,
          blocks: [{ type: "signature", id, width: 36, label: [{ text: "Semnătura" }] } as Block],
        })),
      },
      { type: "proof", id: "proof" },
    ],
  };
}

/** A flag, so that turned or squeezed pictures are seen. */
export function flag(): [string, Buffer] {
  const [width, height] = [90, 60];
  const rgba = Buffer.alloc(width * height * 4, 255);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const color = [0x002b7f, 0xfcd116, 0xce1126][Math.floor((x * 3) / width)] as number;
      rgba.writeUIntBE(color, (y * width + x) * 4, 3);
    }
  }
  return [pictureKey, encodePng({ width, height, rgba })];
}
