import { Refusal } from "../../runtime/refusal.ts";
import type { Publisher, Scope, SessionState } from "../publisher.ts";
import type { SessionToken } from "./token.ts";

/** A withdrawal is heard after two seconds at most (TEL-06), the time of asking included. */
const FRESH_MS = 1_900;
/** Sessions that send are asked for again before their answer is old, so that no batch waits for the core. */
const ASK_AGAIN_MS = 800;
/** A session that sent nothing for so long is not asked for again. */
const SENDING_MS = 6_000;
/** Sessions of one question. */
const AT_ONCE = 500;
/** How many answers are kept before old ones are looked for. */
const MOST = 20_000;

type Answer = { state: SessionState | null; askedAt: number; usedAt: number };
type Asker = { resolve(state: SessionState | null): void; reject(error: unknown): void };

/**
 * What the core says of sessions, at most two seconds old. Sessions that are asked for while a question is on its way
 * share the next one, and those that send are asked for ahead. Also the database's clock, as far as it is known here.
 */
export class KnownStates {
  readonly #publisher: Publisher;
  readonly #answers = new Map<string, Answer>();
  #asking = new Map<string, Asker[]>();
  #isAsking = false;
  #clockAhead = 0;
  readonly #askingAgain: NodeJS.Timeout;

  constructor(publisher: Publisher) {
    this.#publisher = publisher;
    this.#askingAgain = setInterval(() => this.#askAgain(), ASK_AGAIN_MS);
  }

  close(): void {
    clearInterval(this.#askingAgain);
  }

  /**
   * Now by the database's clock, never earlier: what is received at the moment of a withdrawal counts as received after
   * it. Good once a state was asked for.
   */
  databaseNow(): number {
    return Date.now() + this.#clockAhead;
  }

  async of({ session, organizationId }: SessionToken): Promise<SessionState> {
    const answer = this.#answers.get(session);
    const now = performance.now();
    const isFresh = answer !== undefined && now < answer.askedAt + FRESH_MS;
    if (answer) answer.usedAt = now;
    const state = isFresh ? answer.state : await this.#ask(session);
    // A token of another clinic for the same session was never made by us.
    if (state?.organizationId !== organizationId) throw new Refusal("FORBIDDEN", "session_unknown");
    return state;
  }

  #ask(session: string): Promise<SessionState | null> {
    return new Promise((resolve, reject) => {
      const askers = this.#asking.get(session);
      if (askers) askers.push({ resolve, reject });
      else this.#asking.set(session, [{ resolve, reject }]);
      if (!this.#isAsking) void this.#askAll();
    });
  }

  #askAgain(): void {
    const now = performance.now();
    for (const [session, { askedAt, usedAt }] of this.#answers) {
      if (now < usedAt + SENDING_MS && now > askedAt + ASK_AGAIN_MS / 2 && !this.#asking.has(session)) {
        this.#asking.set(session, []);
      }
    }
    if (this.#asking.size > 0 && !this.#isAsking) void this.#askAll();
  }

  async #askAll(): Promise<void> {
    this.#isAsking = true;
    await Promise.resolve(); // those of this turn go along
    while (this.#asking.size > 0) {
      const all = [...this.#asking];
      const asked = all.slice(0, AT_ONCE);
      this.#asking = new Map(all.slice(AT_ONCE));
      const [askedAt, sentAt] = [performance.now(), Date.now()];
      try {
        const { at, states } = await this.#publisher.sessionStates(asked.map(([session]) => session));
        this.#clockAhead = at - sentAt;
        for (const [session, askers] of asked) {
          const state = states.get(session) ?? null;
          const usedAt = askers.length > 0 ? askedAt : (this.#answers.get(session)?.usedAt ?? askedAt);
          this.#answers.delete(session); // the newest are last
          this.#answers.set(session, { state, askedAt, usedAt });
          for (const { resolve } of askers) resolve(state);
        }
      } catch (error) {
        for (const [, askers] of asked) for (const { reject } of askers) reject(error);
      }
      this.#forgetOld();
    }
    this.#isAsking = false;
  }

  #forgetOld(): void {
    if (this.#answers.size <= MOST) return;
    for (const [session, { askedAt }] of this.#answers) {
      if (performance.now() < askedAt + FRESH_MS) break;
      this.#answers.delete(session);
    }
  }
}

/** Whether the patient agrees to it now (TEL-06), as the token and the core say. */
export function requireConsent(token: SessionToken, state: SessionState, scope: Scope): void {
  if (!token.scopes.includes(scope) || !state.scopes.includes(scope)) {
    throw new Refusal("FORBIDDEN", "consent_missing", { scope });
  }
  if (state.withdrawnAt[scope] !== undefined) throw new Refusal("FORBIDDEN", "consent_withdrawn", { scope });
  if (state.endedAt !== null) throw new Refusal("GONE", "session_ended");
}
