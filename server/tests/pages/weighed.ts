import { gzipSync } from "node:zlib";

/** What a page loads at once of scripts, as a server that compresses would send them. */
export async function scriptsOf(page: string): Promise<number> {
  const html = await (await fetch(page)).text();
  const names = [...html.matchAll(/(?:src|href)="([^"]+\.js)"/g)].map(([, name]) => name as string);
  const texts = await Promise.all(names.map(async (name) => (await fetch(new URL(name, page))).text()));
  return texts.reduce((sum, text) => sum + gzipSync(text).length, 0);
}
