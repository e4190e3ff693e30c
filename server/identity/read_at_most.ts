/**
 * The text of an answer, when it is no longer than so many bytes as it arrives and as it is unpacked: `fetch` unpacks what
 * is compressed by itself, without a bound. Throws as soon as there is more (FND-27).
 */
export async function readAtMost(response: Response, most: number): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    length += piece.length;
    if (length > most) throw new Error(`the answer is longer than ${most} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}
