import type { ServerResponse } from "node:http";

/**
 * Tells open pages that something was captured or changed, as server-sent events. An event says nothing else: a page
 * asks again for what it shows. One that does not read is let go, and comes back by itself.
 */
export class Arrivals {
  readonly #pages = new Set<ServerResponse>();
  readonly #most: number;

  constructor(most = 20) {
    this.#most = most;
  }

  /** No more pages can be told. */
  get full(): boolean {
    return this.#pages.size >= this.#most;
  }

  /** Answers with events until the page is gone. */
  follow(response: ServerResponse): void {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write("retry: 1000\n\n");
    this.#pages.add(response);
    response.once("close", () => this.#pages.delete(response));
  }

  tell(): void {
    for (const page of this.#pages) {
      if (page.writableNeedDrain) page.destroy();
      else page.write("data: changed\n\n");
    }
  }
}
