import { X509Certificate } from "node:crypto";
import { SnsRefused } from "./sns_ask.ts";

/** A name that nobody certifies anything under. */
export class NoCertificate extends Error {
  override name = "NoCertificate";
}

const most = 20;
const forgetFailuresMs = 60_000;

/**
 * The certificates SNS signs with, each fetched once. Whoever invents names of certificates makes us ask for
 * at most twenty of them a minute; the ones that are good stay.
 */
export function snsCertificates(ask: (url: string) => Promise<string>) {
  const known = new Map<string, Promise<X509Certificate>>();
  return (url: string): Promise<X509Certificate> => {
    const found = known.get(url);
    if (found) return found;
    if (known.size >= most) return Promise.reject(new NoCertificate("too many certificates"));

    const asking = ask(url).then(readCertificate, (error: unknown) => {
      throw error instanceof SnsRefused ? new NoCertificate(error.message) : error;
    });
    known.set(url, asking);
    asking.catch((error: unknown) => {
      // An invented name is remembered for a while, a line that was down is not.
      if (error instanceof NoCertificate) setTimeout(() => known.delete(url), forgetFailuresMs).unref();
      else known.delete(url);
    });
    return asking;
  };
}

function readCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new NoCertificate("not a certificate");
  }
}
