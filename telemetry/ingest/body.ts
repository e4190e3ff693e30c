import type { IncomingMessage } from "node:http";
import { Refusal } from "../../runtime/refusal.ts";

/** Reads a body of this media type and at most so many bytes; what is more is refused before it is read. */
export async function readBody(
  request: IncomingMessage,
  { type, most }: { type: string; most: number },
): Promise<Buffer> {
  const named = request.headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (named !== type) throw new Refusal("UNSUPPORTED_MEDIA_TYPE", "media_type_not_accepted");
  if (request.headers["content-encoding"] !== undefined) {
    throw new Refusal("UNSUPPORTED_MEDIA_TYPE", "encoding_not_accepted");
  }
  const tooLarge = () => new Refusal("PAYLOAD_TOO_LARGE", "body_too_large", { most });
  if (Number(request.headers["content-length"] ?? 0) > most) throw tooLarge();
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of request.iterator({ destroyOnReturn: false })) {
      length += piece.length;
      if (length > most) throw tooLarge();
      pieces.push(piece);
    }
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal("VALIDATION", "body_incomplete");
  }
  return Buffer.concat(pieces, length);
}

export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw new Refusal("VALIDATION", "body_not_json");
  }
}
