import type { Response } from "express";
import { merged } from "./days.ts";
import type { Beginning, Change, Listener, Standing } from "./listings.ts";

/** Who comes again after an interruption does so within these, and not all at once. */
const COMES_AGAIN_MS = { least: 1_000, most: 4_000 };

/**
 * One client of `GET /v1/public/availability/live`. What it does not read is put together into one change, so that nothing
 * is kept beyond what Node sends at once; who reads nothing for a while is cut off.
 */
export class EventStream implements Listener {
  readonly #response: Response;
  #id = "";
  #waiting: Change | null = null;
  #unreadSince: number | null = null;
  #isOpen = false;

  constructor(response: Response) {
    this.#response = response;
  }

  /** `ready` says null to who begins, and nothing to who comes again: what was missed comes as `changed`. */
  begin({ id, missed }: Beginning, isAgain: boolean): void {
    const response = this.#response;
    response.status(200);
    response.setHeader("Content-Type", "text/event-stream");
    // Neither kept nor packed on the way: an event is read when it is written.
    response.setHeader("Cache-Control", "no-store, no-transform");
    response.setHeader("X-Accel-Buffering", "no");
    response.on("drain", () => this.#drained());
    this.#isOpen = true;
    const { least, most } = COMES_AGAIN_MS;
    this.#id = id;
    this.#send(`retry: ${Math.round(least + Math.random() * (most - least))}\n`);
    this.#send(event("ready", { id, days: isAgain ? [] : null }));
    if (missed) this.#send(event("changed", missed));
  }

  changed(change: Change, standing: Standing): void {
    this.#id = change.id;
    if (this.#unreadSince === null) this.#send(event("changed", change));
    else
      this.#waiting = { id: change.id, days: merged([this.#waiting ? this.#waiting.days : [], change.days]) };
    if (standing !== "public") this.end();
  }

  interrupted(): void {
    if (this.#unreadSince === null)
      this.#send(": the database does not answer; what changes is told when it does\n\n");
  }

  /** Shows proxies and the client that there is somebody, and how far it knows of everything. */
  beat(knownUntil: string, patienceMs: number): void {
    if (knownUntil > this.#id) this.#id = knownUntil;
    if (this.#unreadSince === null) this.#send(`: beat\nid: ${this.#id}\n\n`);
    else if (performance.now() - this.#unreadSince > patienceMs) this.#response.destroy();
  }

  end(): void {
    if (this.#isOpen) this.#response.end();
    this.#isOpen = false;
  }

  #send(text: string): void {
    if (!this.#isOpen) return;
    if (!this.#response.write(text)) this.#unreadSince ??= performance.now();
  }

  #drained(): void {
    this.#unreadSince = null;
    const change = this.#waiting;
    this.#waiting = null;
    if (change) this.#send(event("changed", change));
  }
}

function event(name: string, { id, days }: Change): string {
  return `event: ${name}\nid: ${id}\ndata: ${JSON.stringify({ days })}\n\n`;
}
