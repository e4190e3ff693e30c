import { AnswerTooLong, request } from "../outbound/index.ts";

/** SNS answered, and not with what was asked for. */
export class SnsRefused extends Error {
  override name = "SnsRefused";
}

/**
 * Asks a URL of SNS, https only: no redirect, five seconds, little to read. Rejects with SnsRefused for an answer other
 * than 200, and with another error when nobody could be asked.
 */
export async function askSns(url: string, { ca }: { ca?: string | Buffer } = {}): Promise<string> {
  if (!url.startsWith("https:")) throw new SnsRefused("sns is asked over https");
  // Its names may lead into the operator's own network, by an endpoint of their cloud; the certificate says who it is.
  const answer = await request(url, {
    reach: "anywhere",
    timeoutMs: 5_000,
    longest: 64 * 1024,
    ca,
  }).catch((error: unknown) => {
    throw error instanceof AnswerTooLong ? new SnsRefused("sns answers without end") : error;
  });
  if (answer.status !== 200) throw new SnsRefused(`sns answers ${answer.status}`);
  return answer.body.toString("utf8");
}
