import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { createFaults, type Faults, failsAfter, failsBefore, send } from "../../tests/weather.ts";
import type { FgoAccount } from "../account.ts";

type Issued = { Serie: string; Numar: string; IdExtern: string; total: bigint; request: Emission };

export type FgoVendor = Faults & {
  account: Required<FgoAccount>;
  /** What it was asked, in order: "factura/emitere". */
  asked: string[];
  documents: Issued[];
  /** Refuses whoever asks again sooner than so many milliseconds after an answer. */
  pace(ms: number): void;
  /** Whether a repeat is answered with the document that is there, as changelog v2.3 says, or with a sentence alone. */
  showsDuplicates(does: boolean): void;
  /** Refuses every document with this sentence; null: takes them again. */
  refuses(sentence: string | null): void;
  /** Told of each new document, as the tax office is. */
  onIssued(hear: (number: string) => void): void;
  stop(): Promise<void>;
};

const privateKey = "FGO-KEY-0123456789";
const companyCode = "2864518";

const amount = z.number().refine((value) => /^\d+(\.\d{1,2})?$/.test(String(value)));
/** The fields of `factura/emitere` by FGO's documentation v7.0, as far as we send any. */
const emission = z.strictObject({
  CodUnic: z.string(),
  Hash: z.string().regex(/^[0-9A-F]{40}$/),
  PlatformaUrl: z.url(),
  Serie: z.string().min(1),
  Valuta: z.enum(["RON", "EUR", "USD"]),
  TipFactura: z.literal("Factura"),
  DataEmitere: z.iso.date(),
  DataScadenta: z.iso.date().optional(),
  IdExtern: z.string().max(36),
  VerificareDuplicat: z.boolean(),
  Explicatii: z.string().max(2000),
  Client: z.strictObject({
    Denumire: z.string().min(1).max(255),
    Tip: z.enum(["PJ", "PF"]),
    CodUnic: z.string().optional(),
    NrRegCom: z.string().optional(),
    Email: z.email().optional(),
    Tara: z.string().length(2),
    Judet: z.string().min(1),
    Localitate: z.string().min(1),
    Adresa: z.string().max(500),
  }),
  Continut: z
    .array(
      z.strictObject({
        Denumire: z.string().min(1).max(1000),
        UM: z.string().min(1).max(5),
        NrProduse: z.number().int(),
        PretUnitar: amount,
        CotaTVA: z.number(),
      }),
    )
    .min(1),
});
type Emission = z.output<typeof emission>;
const named = z.strictObject({
  CodUnic: z.string(),
  Hash: z.string(),
  PlatformaUrl: z.url(),
  Serie: z.string(),
  Numar: z.string(),
});

const cents = (value: number) => BigInt(Math.round(value * 100));
const decimal = (value: bigint) =>
  `${value < 0n ? "-" : ""}${String(value < 0n ? -value : value).padStart(3, "0")}`.replace(/(\d\d)$/, ".$1");

/** FGO's API v7 as far as we use it, its own company's documents kept in memory. */
export async function startFgo(): Promise<FgoVendor> {
  const faults = createFaults();
  const asked: string[] = [];
  const documents: Issued[] = [];
  let pace = 0;
  let free = 0;
  let shows = true;
  let sentence: string | null = null;
  let hear = (_: string) => {};

  const no = (Message: string): [number, object] => [200, { Success: false, Message }];
  const of = ({ Serie, Numar }: Issued) => ({ Numar, Serie, Link: `https://fgo.test/${Serie}${Numar}.pdf` });
  const hash = (signed: string) =>
    createHash("sha1")
      .update(Buffer.from(companyCode + privateKey + signed))
      .digest("hex")
      .toUpperCase();
  const strangers = (code: unknown) =>
    no(
      `Combinatia utilizator/companie nu este autorizata pentru utilizare API. Verificati starea acestuia [${code}].`,
    );

  function emit(json: unknown): [number, object] {
    const { success, data, error } = emission.safeParse(json);
    if (!success) return no(`Camp invalid: ${error.issues.map(({ path }) => path.join(".")).join(", ")}`);
    if (data.CodUnic !== companyCode || data.Hash !== hash(data.Client.Denumire))
      return strangers(data.CodUnic);
    if (sentence) return no(sentence);
    const there = documents.find(({ IdExtern }) => IdExtern === data.IdExtern);
    if (there && data.VerificareDuplicat) {
      return shows
        ? [200, { Success: false, Message: "Factura exista deja salvata.", Factura: of(there) }]
        : no("Factura exista deja salvata.");
    }
    const total = data.Continut.reduce((sum, { NrProduse, PretUnitar, CotaTVA }) => {
      const net = BigInt(NrProduse) * cents(PretUnitar);
      const tax = (net * BigInt(Math.round(CotaTVA * 100)) + (net < 0n ? -5000n : 5000n)) / 10_000n;
      return sum + net + tax;
    }, 0n);
    const issued = {
      Serie: data.Serie,
      Numar: String(documents.length + 1).padStart(3, "0"),
      IdExtern: data.IdExtern,
      total,
      request: data,
    };
    documents.push(issued);
    hear(`${issued.Serie}${issued.Numar}`);
    return [200, { Success: true, Message: "", Factura: of(issued) }];
  }

  function look(json: unknown): [number, object] {
    const { success, data } = named.safeParse(json);
    if (!success) return [500, { Success: false, Message: "Ne pare rau, a intervenit o eroare" }];
    if (data.CodUnic !== companyCode || data.Hash !== hash(data.Numar)) {
      return [
        500,
        {
          Success: false,
          Message: "System.Exception: Codul unic nu exista sau nu este asociat.\r\n   at Fgo.PublicApi",
        },
      ];
    }
    const found = documents.find(({ Serie, Numar }) => Serie === data.Serie && Numar === data.Numar);
    if (!found) return no("Factura nu exista");
    return [
      200,
      { Success: true, Message: "", Factura: { Valoare: decimal(found.total), ValoareAchitata: "0.00" } },
    ];
  }

  const failure = { Success: false, Message: "Ne pare rau, a intervenit o eroare" };
  const server = createServer(async (request, response) => {
    const came = performance.now();
    const body = await text(request);
    const path = (request.url ?? "").replace("/v1/", "");
    asked.push(path);
    const weather = faults.at(path);
    if (failsBefore(weather, request, response, failure)) return;
    if (came < free + pace) return send(response, 429, { Success: false, Message: "Prea multe cereri" });
    if (request.headers["content-type"] !== "application/json" || request.method !== "POST") {
      return send(response, 500, failure);
    }
    const json: unknown = JSON.parse(body);
    const [status, answer] = path === "factura/emitere" ? emit(json) : look(json);
    free = performance.now();
    if (failsAfter(weather, request, response, failure)) return;
    send(response, status, answer);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;

  return {
    ...faults,
    account: {
      privateKey,
      companyCode,
      series: "RX",
      vatRate: "21",
      platformUrl: "https://api.restartix.test",
      apiUrl: `http://127.0.0.1:${port}/v1`,
    },
    asked,
    documents,
    pace: (ms) => {
      [pace, free] = [ms, Number.NEGATIVE_INFINITY];
    },
    showsDuplicates: (does) => {
      shows = does;
    },
    refuses: (next) => {
      sentence = next;
    },
    onIssued: (next) => {
      hear = next;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
