import { X509Certificate } from "node:crypto";
import { Refusal } from "../../runtime/refusal.ts";
import { SnsRefused } from "./sns_ask.ts";

/** No certificate of SNS is published under this name. */
export class NoCertificate extends Error {
  override name = "NoCertificate";
}

/** SNS has one or two a region at a time. */
const mostKnown = 50;
const mostUnknown = 1_000;
const forgetUnknownMs = 60_000;
/** How many names that are not known are asked about: in a row, and then a second. */
const questions = { atOnce: 20, perSecond: 2 };

/**
 * The certificates SNS signs with, each fetched once. Whoever invents names of certificates makes us ask for some of
 * them; each is remembered by its own name, and none of them stands in the way of a certificate that is known (FND-35).
 * While questions are used up, a new name is not refused but asked for later: SNS sends its notice again.
 */
export function snsCertificates(ask: (url: string) => Promise<string>, now: () => number = Date.now) {
  const known = new Map<string, X509Certificate>();
  const asking = new Map<string, Promise<X509Certificate>>();
  /** Until when a name is nobody's. */
  const unknown = new Map<string, number>();
  let left = questions.atOnce;
  let countedAt = now();

  function mayAsk(): boolean {
    left = Math.min(questions.atOnce, left + ((now() - countedAt) / 1_000) * questions.perSecond);
    countedAt = now();
    if (left < 1) return false;
    left -= 1;
    return true;
  }

  async function fetchOne(url: string): Promise<X509Certificate> {
    try {
      const certificate = readCertificate(await ask(url));
      keep(known, url, certificate, mostKnown);
      return certificate;
    } catch (error) {
      // An invented name is remembered for a while, a line that was down is not.
      if (!(error instanceof SnsRefused || error instanceof NoCertificate)) throw error;
      keep(unknown, url, now() + forgetUnknownMs, mostUnknown);
      throw new NoCertificate(error.message);
    }
  }

  return async (url: string): Promise<X509Certificate> => {
    const certificate = known.get(url) ?? asking.get(url);
    if (certificate) return certificate;
    if ((unknown.get(url) ?? 0) > now()) throw new NoCertificate("nobody's certificate");
    if (!mayAsk()) {
      throw new Refusal("UNAVAILABLE", "certificates_busy");
    }
    const question = fetchOne(url).finally(() => asking.delete(url));
    asking.set(url, question);
    return question;
  };
}

/** Adds an entry, and drops the oldest where there are too many. */
function keep<T>(map: Map<string, T>, name: string, value: T, most: number): void {
  map.set(name, value);
  const [oldest] = map.keys();
  if (map.size > most && oldest !== undefined) map.delete(oldest);
}

function readCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new NoCertificate("not a certificate");
  }
}
