import { request } from "node:http";
import { describe, expect, it } from "vitest";
import { bearer, listening, SUBSCRIPTION, speak, tokenOf, until, within } from "../listener.ts";
import { api, listen, listenAs } from "./listeners.ts";

export function refusedCases(): void {
  describe("FND-03: a socket that may not be", () => {
    const init = (payload?: unknown) => JSON.stringify({ type: "connection_init", payload });

    it.each<[what: string, payload: () => unknown, code: number, reason: string]>([
      ["says nothing of itself", () => undefined, 4401, "token_missing"],
      ["is a visitor's", () => ({}), 4401, "token_missing"],
      ["carries no text as token", () => ({ authorization: ["Bearer x"] }), 4401, "token_missing"],
      ["carries garbage", () => ({ authorization: "Bearer garbage" }), 4401, "token_malformed"],
      ["carries another scheme", () => ({ authorization: "Basic YTpi" }), 4401, "scheme_not_bearer"],
      [
        "carries a token that is over",
        () => bearer(tokenOf(api, "ana", { minutes: -1 })),
        4401,
        "token_expired",
      ],
      [
        "carries a token of somebody whose address was not verified",
        () =>
          bearer(
            api.issuer.mint({
              subject: "user_x",
              email: "x@people.test",
              emailVerified: false,
              name: "X",
              locale: "ro",
            }),
          ),
        4401,
        "email_not_verified",
      ],
      [
        "names no clinic",
        () => ({ ...bearer(tokenOf(api, "ana")), "x-organization": "atlas" }),
        4400,
        "organization_malformed",
      ],
      [
        "names a clinic that is not the person's",
        () => ({ ...bearer(tokenOf(api, "ana")), "x-organization": "0190a5b0-0000-7000-8000-000000000000" }),
        4403,
        "not_of_this_clinic",
      ],
    ])("%s", async (_, payload, code, reason) => {
      const { heard, ...ended } = await speak(api, (socket) => socket.send(init(payload())));
      expect(ended).toEqual({ code, reason });
      expect(heard).toEqual([]);
    });

    it.each<[what: string, said: string | Buffer, code: number]>([
      ["no JSON", "hello", 4400],
      ["JSON of no message", "[]", 4400],
      ["a message that nobody knows", '{"type": "connection_terminate"}', 4400],
      ["a payload that is no object", '{"type": "connection_init", "payload": "token"}', 4400],
      [
        "a subscription before the token",
        JSON.stringify({ type: "subscribe", id: "1", payload: { query: SUBSCRIPTION } }),
        4401,
      ],
      [
        "more than 100 KB",
        JSON.stringify({ type: "connection_init", payload: { pad: "x".repeat(100_000) } }),
        1009,
      ],
      ["bytes", Buffer.from([0xff, 0xfe]), 4400],
    ])("begins with %s", async (_, said, code) => {
      const ended = await speak(api, (socket) => socket.send(said));
      expect(ended.code).toBe(code);
      expect(ended.heard).toEqual([]);
    });

    it("says nothing at all", async () => {
      expect(
        (
          await within(
            3_000,
            speak(api, () => {}),
            "closing",
          )
        ).code,
      ).toBe(4408);
    });

    it("says twice who it is", async () => {
      const token = bearer(tokenOf(api, "ana"));
      const ended = await speak(api, (socket) => {
        socket.send(init(token));
        socket.send(init(token));
      });
      expect(ended.code).toBe(4429);
    });

    it("speaks another protocol", async () => {
      const ended = await speak(api, () => {}, "").catch((error: Error) => error);
      expect(ended).toMatchObject({ code: 4406 });
    });

    it("says too much, however little it is", async () => {
      const ended = await speak(api, (socket) => {
        socket.send(init(bearer(tokenOf(api, "ana"))));
        for (let n = 0; n < 100; n += 1) socket.send('{"type": "ping"}');
      });
      expect(ended).toMatchObject({ code: 4429, reason: "too_many_messages" });
    });

    it("comes in at another path", async () => {
      const status = await new Promise((resolve) => {
        const upgrade = request(`${api.url}/elsewhere`, {
          headers: {
            connection: "Upgrade",
            upgrade: "websocket",
            "sec-websocket-version": "13",
            "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
          },
        });
        upgrade.on("response", (response) => {
          response.resume();
          resolve(response.statusCode);
        });
        upgrade.end();
      });
      expect(status).toBe(404);
    });

    it("is one too many of the same person; another person's is not", async () => {
      const three = await Promise.all([listenAs("ana"), listenAs("ana"), listenAs("ana")]);
      const fourth = listen(bearer(tokenOf(api, "ana")));
      expect(await within(3_000, fourth.closed, "closing")).toEqual({
        code: 4429,
        reason: "too_many_sockets",
      });
      await listenAs("bogdan");
      await three[0].stop();
      await until(async () => {
        const again = listen(bearer(tokenOf(api, "ana")));
        return listening(api, "ana", again).then(
          () => true,
          () => false,
        );
      }, "a place to be free");
    });
  });
}
