import { z } from "zod";
import { CredentialsRefused, Delayed, Refused } from "../failures.ts";
import { type OutboundAnswer, request } from "../outbound/index.ts";
import { filesOf } from "./archive.ts";
import type { OfficeMessage, TaxAnswer, TaxOffice } from "./port.ts";

/** The platform's access to ANAF. */
export type AnafAccess = {
  /** An access token of ANAF's OAuth, which is good for ninety days. */
  token: string;
  /** The company's tax number, digits alone. */
  companyCode: string;
  /** Another server that speaks ANAF's protocol; absent: ANAF's own. */
  apiUrl?: string;
};

const anafUrl = "https://api.anaf.ro/prod/FCTEL/rest";
/** The longest answer that is read, in bytes: an archive with a signed invoice. */
const longest = 20 * 1024 * 1024;
/** ANAF lists sixty days at most, and takes no end in the future. */
const DAYS_MS = 60 * 86_400_000 - 3_600_000;

const failure = z.looseObject({ eroare: z.string() });
const page = z.looseObject({
  mesaje: z.array(
    z.looseObject({
      id: z.coerce.string().regex(/^\d{1,20}$/),
      id_solicitare: z.coerce.string().regex(/^\d{1,20}$/),
      tip: z.string(),
    }),
  ),
  numar_total_pagini: z.coerce.number().int().positive(),
});
const kinds: Record<string, OfficeMessage["kind"]> = {
  "FACTURA TRIMISA": "taken",
  "ERORI FACTURA": "errors",
};
const states: Record<string, TaxAnswer["state"]> = {
  ok: "accepted",
  nok: "rejected",
  "in prelucrare": "sent",
  "xml cu erori nepreluat de sistem": "rejected",
};

/** e-Factura at ANAF, read: https://mfinante.gov.ro/static/10/eFactura/staremesaj.html, listamesaje.html, descarcare.html. */
export function anafOffice(access: AnafAccess, timeoutMs = 20_000): TaxOffice {
  const ask = anafClient(access, timeoutMs);

  async function download(id: string): Promise<Map<string, Buffer>> {
    const { body } = await ask(`/descarcare?id=${id}`);
    const files = filesOf(body);
    // ANAF says its "no" to a download with HTTP 200 and JSON.
    if (!files) throw problemIn(sentenceOf(body));
    return files;
  }

  /** The file that is not the ministry's signature. */
  const documentIn = (files: Map<string, Buffer>) =>
    [...files]
      .find(([name]) => name.endsWith(".xml") && !name.startsWith("semnatura"))?.[1]
      .toString("utf8") ?? "";

  return {
    office: "anaf",

    async state(uploadId) {
      const { body } = await ask(`/stareMesaj?id_incarcare=${encodeURIComponent(uploadId)}`);
      const header = /<(?:[\w-]+:)?header\b[^>]*>/.exec(body.toString("utf8"))?.[0];
      const said = header && attribute(header, "stare");
      if (!said) {
        const sentence = sentenceOf(body);
        if (/nu exista factura/i.test(sentence)) {
          return { state: "unknown", vendorState: "nu exista factura", error: null };
        }
        throw problemIn(sentence);
      }
      const word = said.trim().replace(/\s+/g, " ");
      const state = states[word.toLowerCase()] ?? "unknown";
      const answerId = attribute(header, "id_descarcare");
      const files = state === "rejected" && answerId ? await download(answerId) : null;
      return { state, vendorState: word.slice(0, 100), error: files && errorsIn(documentIn(files)) };
    },

    async *messages(since) {
      const endTime = Date.now() - 60_000;
      const startTime = Math.max(since.getTime(), endTime - DAYS_MS);
      if (startTime >= endTime) return;
      for (const filter of ["T", "E"]) {
        for (let number = 1, pages = 1; number <= pages; number++) {
          const query = `startTime=${startTime}&endTime=${endTime}&cif=${access.companyCode}&pagina=${number}&filtru=${filter}`;
          const { body } = await ask(`/listaMesajePaginatieFactura?${query}`);
          const { success, data } = page.safeParse(jsonOf(body));
          if (!success) {
            const sentence = sentenceOf(body);
            if (/nu exista mesaje/i.test(sentence)) break;
            throw problemIn(sentence);
          }
          pages = data.numar_total_pagini;
          for (const { id, id_solicitare, tip } of data.mesaje) {
            const kind = kinds[tip.trim().toUpperCase()];
            if (kind) yield { id, uploadId: id_solicitare, kind };
          }
        }
      }
    },

    async numberIn(messageId) {
      const xml = documentIn(await download(messageId)).replace(
        /<(?:[\w-]+:)?UBLExtensions\b[\s\S]*?<\/(?:[\w-]+:)?UBLExtensions>/,
        "",
      );
      if (!/<(?:[\w-]+:)?(Invoice|CreditNote)\b/.test(xml)) return null;
      const number = /<(?:[\w-]+:)?ID(?:\s[^>]*)?>([^<]{1,200})</.exec(xml)?.[1];
      return number ? unescaped(number).trim() : null;
    },
  };
}

type Ask = (path: string) => Promise<OutboundAnswer>;

function anafClient({ token, apiUrl = anafUrl }: AnafAccess, timeoutMs: number): Ask {
  return async (path) => {
    const answer = await request(`${apiUrl}${path}`, {
      reach: "anywhere", // the operator's choice: ANAF, or ANAF_API_URL
      headers: { authorization: `Bearer ${token}` },
      timeoutMs,
      longest,
    }).catch((error: unknown) => {
      const { code } = error as { code?: unknown };
      throw new Delayed(`anaf ${typeof code === "string" && /^[A-Z_]+$/.test(code) ? code : "no answer"}`);
    });
    const { status, headers } = answer;
    if (status >= 200 && status < 300) return answer;
    const reason = `anaf HTTP ${status}`;
    if (status === 401 || status === 403) throw new CredentialsRefused(reason);
    if (status === 408 || status === 429 || status >= 500 || status < 400) {
      const after = Number(headers["retry-after"]);
      throw new Delayed(reason, Number.isFinite(after) && after > 0 ? after : null);
    }
    throw new Refused(`${reason} ${sentenceOf(answer.body)}`.trim());
  };
}

/** ANAF's sentence for why it does not answer: of JSON or of XML, with HTTP 200. */
function sentenceOf(body: Buffer): string {
  const { data } = failure.safeParse(jsonOf(body));
  return (data?.eroare ?? errorsIn(body.toString("utf8")) ?? "").trim().slice(0, 300);
}

function problemIn(sentence: string): Error {
  if (/nu aveti drept|nu exista niciun cif/i.test(sentence))
    return new CredentialsRefused(`anaf: ${sentence}`);
  if (sentence === "" || /s-au facut deja|eroare tehnica/i.test(sentence)) {
    return new Delayed(`anaf ${sentence || "answered something else"}`);
  }
  return new Refused(`anaf: ${sentence}`);
}

function errorsIn(xml: string): string | null {
  const said = [...xml.matchAll(/<(?:[\w-]+:)?Errors?\b[^>]*>/g)].map(([tag]) =>
    attribute(tag, "errorMessage"),
  );
  const errors = said.filter((error) => error !== null);
  return errors.length > 0 ? errors.join("; ").slice(0, 500) : null;
}

function attribute(tag: string, name: string): string | null {
  const value = new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(tag);
  return value ? unescaped(value[1] ?? value[2] ?? "") : null;
}

const entities: Record<string, string> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
const unescaped = (text: string) =>
  text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => entities[name] ?? "");

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** Lists one page of messages, which makes nothing. Rejects with CredentialsRefused, or Delayed when ANAF could not be asked. */
export async function tryAnaf(access: AnafAccess): Promise<void> {
  for await (const _ of anafOffice(access, 10_000).messages(new Date(Date.now() - 3_600_000))) return;
}
