import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { CredentialsRefused, Delayed, OutcomeUnknown, Refused } from "../failures.ts";
import { type OutboundAnswer, request } from "../outbound/index.ts";
import type { FgoAccount } from "./account.ts";
import type { Turns } from "./port.ts";

const fgoUrl = "https://api.fgo.ro/v1";
/** The longest answer that is read, in bytes. */
const longest = 256 * 1024;
/** FGO takes one request a second from a company, and 100 ms of that are the way there. */
const SPACING_MS = 1_100;

const answer = z.looseObject({ Success: z.boolean(), Message: z.string().nullish() });

/** What FGO tells of a document; amounts come as numbers or as text. */
export const document = z.looseObject({
  Factura: z.looseObject({
    Numar: z.coerce.string().min(1),
    Serie: z.string().min(1),
    Link: z.string().nullish(),
  }),
});
export const status = z.looseObject({
  Factura: z.looseObject({ Valoare: z.union([z.string(), z.number()]).transform(String) }),
});

export type FgoClient = {
  /** Asks; `signed` is what the hash goes over beside company and key. An answer with Success false that has a document is one, too. */
  ask<T>(shape: z.ZodType<T>, path: string, signed: string, body: object): Promise<T>;
};

/** Upper-case hex of SHA-1 over the UTF-8 bytes of company, key, and the client's name or the document's number. */
export function fgoHash({ companyCode, privateKey }: FgoAccount, signed: string): string {
  return createHash("sha1")
    .update(`${companyCode}${privateKey}${signed}`, "utf8")
    .digest("hex")
    .toUpperCase();
}

/**
 * FGO's API v7: JSON alone, one request a second from a company: of this client by itself, of all that share `turns`.
 * https://api.fgo.ro/v1/testing.html
 */
export function fgoClient(
  account: FgoAccount,
  timeoutMs: number,
  spacingMs = SPACING_MS,
  turns: Turns = (_name, _spacingMs, work) => work(),
): FgoClient {
  const { companyCode, platformUrl, apiUrl = fgoUrl } = account;
  let free = Promise.resolve();

  /** One after the other, the next one a second after the last was answered. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = free.then(work);
    const over = () => pause(spacingMs, undefined, { ref: false });
    free = mine.then(over, over);
    return mine;
  }

  return {
    async ask(shape, path, signed, body) {
      const json = {
        CodUnic: companyCode,
        Hash: fgoHash(account, signed),
        PlatformaUrl: platformUrl,
        ...body,
      };
      const got = await inTurn(() =>
        turns(`fgo ${companyCode}`, spacingMs, () => send(`${apiUrl}/${path}`, json, timeoutMs)),
      );
      return read(shape, got);
    },
  };
}

async function send(url: string, json: object, timeoutMs: number): Promise<OutboundAnswer> {
  try {
    return await request(url, {
      reach: "anywhere", // the operator's choice: FGO, or FGO_API_URL
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify(json),
      timeoutMs,
      longest,
    });
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === "ECONNREFUSED" || code === "ENOTFOUND") throw new Delayed(`fgo ${code}`);
    throw new OutcomeUnknown("fgo no answer");
  }
}

/** FGO says most of its "no" with HTTP 200, and some with 500: its sentence decides. */
function read<T>(shape: z.ZodType<T>, { status, headers, body }: OutboundAnswer): T {
  const json = jsonOf(body);
  const { data: said } = answer.safeParse(json);
  const good = shape.safeParse(json);
  if (status < 300 && said && good.success) return good.data;
  const reason = `fgo HTTP ${status}`;
  if (status === 401 || status === 403) throw new CredentialsRefused(reason);
  if (status === 429) throw new Delayed(reason, secondsOf(headers["retry-after"]));
  const sentence = sentenceOf(said?.Message);
  if (!said || said.Success || !sentence || isTrouble.test(plain(sentence))) {
    throw new OutcomeUnknown(status < 300 ? "fgo answered something else" : reason);
  }
  if (isOurAccount.test(plain(sentence))) throw new CredentialsRefused("fgo does not know the account");
  if (isTooFast.test(plain(sentence))) throw new Delayed("fgo wants fewer requests", 1);
  throw new Refused(`fgo: ${sentence}`);
}

/** No document of ours was judged: FGO itself is in trouble. */
const isTrouble = /a intervenit o eroare|timpul maxim/;
const isOurAccount =
  /utilizare api|codul unic nu exista|nu este asociat|utilizatorul nu exista|drepturi de acces|\bhash\b|chei[ae] privat/;
const isTooFast = /prea multe (cereri|apeluri|request)|numar(ul)? (maxim )?de (cereri|apeluri)/;

/** FGO's sentence, without the trace of its own sources that may follow it. Operators read it: it says what to mend. */
function sentenceOf(message: string | null | undefined): string {
  const [first = ""] = (message ?? "").split(/\r?\n/);
  return first
    .replace(/^\s*System\.[\w.]*Exception:\s*/, "")
    .trim()
    .slice(0, 200);
}

const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function secondsOf(header: unknown): number | null {
  const seconds = Number(header);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : null;
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** Asks for a document that there is not: who may ask is told that, and nothing is made. */
export async function tryFgo(account: FgoAccount): Promise<void> {
  const signed = { Serie: account.series, Numar: "0" };
  await fgoClient(account, 10_000)
    .ask(z.looseObject({ Factura: z.unknown() }), "factura/getstatus", "0", signed)
    .catch((error: unknown) => {
      if (!(error instanceof Refused)) throw error;
    });
}
