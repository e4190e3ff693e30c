import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createFaults, type Faults, failsAfter, failsBefore, send } from "../../tests/weather.ts";
import type { AnafAccess } from "../anaf.ts";
import { zipOf } from "./zip.ts";

type Upload = { id: string; number: string; stare: string; error: string | null; at: number };

export type AnafVendor = Faults & {
  access: Required<AnafAccess>;
  /** What it was asked, in order: "/stareMesaj". */
  asked: string[];
  /** Somebody uploads a document; answers with its id. */
  upload(number: string): string;
  /** The office has judged a document, or says any other word of it. */
  judge(uploadId: string, stare: string, error?: string): void;
  /** Answers every question with a sentence, and HTTP 200, as ANAF does. */
  says(sentence: string | null): void;
  stop(): Promise<void>;
};

const token = "anaf-token-0123456789abcdef";
const companyCode = "2864518";
const perPage = 2;

/** The reading side of ANAF's e-Factura, with its answers as ANAF documents them, kept in memory. */
export async function startAnaf(): Promise<AnafVendor> {
  const faults = createFaults();
  const asked: string[] = [];
  const uploads: Upload[] = [];
  let sentence: string | null = null;

  const header = (inner: string) =>
    `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<header xmlns="mfp:anaf:dgti:efactura:stareMesajFactura:v1" ${inner}`;
  const problem = (text: string) => header(`>\n    <Errors errorMessage="${text}"/>\n</header>`);
  /** The message about an upload has its own id, as the archive has. */
  const messageOf = ({ id }: Upload) => `9${id}`;

  function state(id: string | null): string {
    const upload = uploads.find((one) => one.id === id);
    if (!upload) return problem(`Nu exista factura cu id_incarcare= ${id}`);
    const answer = /^(ok|nok)$/.test(upload.stare) ? ` id_descarcare="${messageOf(upload)}"` : "";
    return header(`stare="${upload.stare}"${answer}/>`);
  }

  function list(query: URLSearchParams): object {
    const [from, to] = [Number(query.get("startTime")), Number(query.get("endTime"))];
    if (to > Date.now())
      return { eroare: "endTime nu poate fi mai mare decat momentul curent", titlu: "Lista Mesaje" };
    if (query.get("cif") !== companyCode) {
      return { eroare: `Nu aveti drept in SPV pentru CIF=${query.get("cif")}`, titlu: "Lista Mesaje" };
    }
    const stare = query.get("filtru") === "T" ? "ok" : "nok";
    const found = uploads.filter((one) => one.stare === stare && one.at >= from && one.at <= to);
    if (found.length === 0)
      return { eroare: "Nu exista mesaje in intervalul selectat", titlu: "Lista Mesaje" };
    const page = Number(query.get("pagina"));
    return {
      mesaje: found.slice((page - 1) * perPage, page * perPage).map((upload) => ({
        data_creare: "202612010800",
        cif: companyCode,
        id_solicitare: upload.id,
        detalii: `Factura cu id_incarcare=${upload.id} emisa de cif_emitent=${companyCode} pentru cif_beneficiar=3`,
        tip: stare === "ok" ? "FACTURA TRIMISA" : "ERORI FACTURA",
        id: messageOf(upload),
      })),
      numar_inregistrari_in_pagina: perPage,
      numar_total_inregistrari: found.length,
      numar_total_pagini: Math.ceil(found.length / perPage),
      index_pagina_curenta: page,
      titlu: "Lista Mesaje",
    };
  }

  function archive(id: string | null): Buffer | null {
    const upload = uploads.find((one) => messageOf(one) === id);
    if (!upload) return null;
    const document =
      upload.stare === "ok"
        ? `<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"><cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID><cbc:ID>${upload.number}</cbc:ID></Invoice>`
        : `<header xmlns="mfp:anaf:dgti:efactura:mesajEroriFactuta:v1" Index_incarcare="${upload.id}" Cif_emitent="${companyCode}"><Error errorMessage="${upload.error}"/></header>`;
    return zipOf({ [`semnatura_${upload.id}.xml`]: "<Signature/>", [`${upload.id}.xml`]: document });
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://anaf");
    const what = url.pathname.replace("/prod/FCTEL/rest", "");
    asked.push(what);
    const weather = faults.at(what);
    if (failsBefore(weather, request, response)) return;
    if (request.headers.authorization !== `Bearer ${token}`) return send(response, 403, {});
    if (failsAfter(weather, request, response)) return;
    const isState = what === "/stareMesaj";
    if (sentence) return send(response, 200, isState ? problem(sentence) : { eroare: sentence, titlu: "" });
    if (isState) return send(response, 200, state(url.searchParams.get("id_incarcare")));
    if (what === "/listaMesajePaginatieFactura") return send(response, 200, list(url.searchParams));
    const zip = what === "/descarcare" ? archive(url.searchParams.get("id")) : null;
    if (!zip)
      return send(response, 200, {
        eroare: "Pentru id= nu exista inregistrata nici o factura",
        titlu: "Descarcare mesaj",
      });
    response.writeHead(200, { "content-type": "application/zip" }).end(zip);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;

  return {
    ...faults,
    access: { token, companyCode, apiUrl: `http://127.0.0.1:${port}/prod/FCTEL/rest` },
    asked,
    upload(number) {
      const id = String(5_000_000_001 + uploads.length);
      uploads.push({ id, number, stare: "in prelucrare", error: null, at: Date.now() - 120_000 });
      return id;
    },
    judge(uploadId, stare, error = "") {
      Object.assign(uploads.find(({ id }) => id === uploadId) as Upload, { stare, error });
    },
    says: (next) => {
      sentence = next;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
