import https from "node:https";

/** SNS answered, and not with what was asked for. */
export class SnsRefused extends Error {
  override name = "SnsRefused";
}

const longestAnswer = 64 * 1024;

/**
 * Asks a URL of SNS, https only: no redirect, five seconds, little to read. Rejects with SnsRefused for an
 * answer other than 200, and with another error when nobody could be asked.
 */
export function askSns(
  url: string,
  options: Pick<https.RequestOptions, "ca" | "port"> = {},
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const request = https.get(
    url,
    { ...options, agent: false, signal: AbortSignal.timeout(5_000) },
    (response) => {
      if (response.statusCode !== 200) {
        response.destroy();
        return reject(new SnsRefused(`sns answers ${response.statusCode}`));
      }
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
        if (text.length > longestAnswer) response.destroy(new SnsRefused("sns answers without end"));
      });
      response.on("end", () => resolve(text));
      response.on("error", reject);
    },
  );
  request.on("error", reject);
  return promise;
}
