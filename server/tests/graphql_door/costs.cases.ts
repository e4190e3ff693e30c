import { describe, expect, it } from "vitest";
import { limits } from "../../http/document_limits.ts";
import { refusalOf } from "../support.ts";
import { api, quickest } from "./doors.ts";

export function costsCases(): void {
  describe("FND-29: a document that asks for too much", () => {
    const deep = (levels: number) => `${"{ probeThing(id: 1) ".repeat(levels)}{ id }${" }".repeat(levels)}`;
    const aliased = (times: number) =>
      `{ ${Array.from({ length: times }, (_, n) => `a${n}: probeSession`).join(" ")} }`;
    const spread = `query { ${Array.from({ length: 40 }, () => "...many").join(" ")} }
      fragment many on Query { ${Array.from({ length: 40 }, () => "probeSession").join(" ")} }`;
    const bomb = `query { ...f0 } ${Array.from({ length: 30 }, (_, n) => `fragment f${n} on Query { ...f${n + 1} ...f${n + 1} }`).join(" ")}
      fragment f30 on Query { probeSession }`;

    it.each([
      ["too deep", deep(20), "depth"],
      ["a thousand aliases", aliased(1000), "aliases"],
      ["a hundred and one aliases", aliased(101), "aliases"],
      ["the same fragment again and again", spread, "fields"],
      ["fragments that double thirty times", bomb, "fields"],
      ["more tokens than anybody writes", `{ ${"probeSession ".repeat(6_000)} }`, "tokens"],
      [
        "many operations",
        Array.from({ length: 21 }, (_, n) => `query q${n} { probeSession }`).join(" "),
        "operations",
      ],
    ])("(%s) is a clean 400 within 50 ms", async (_name, query, limit) => {
      const { answer, ms } = await quickest(query);
      expect(answer.status).toBe(400);
      expect(refusalOf(answer)).toMatchObject({
        code: "DOCUMENT_TOO_LARGE",
        details: { limit, most: limits[limit as keyof typeof limits] },
      });
      expect(answer.body.data).toBeUndefined();
      expect(ms).toBeLessThan(50);
    });

    const pages = (first: string) =>
      `appointments(first: ${first}) { nodes { organization { appointments(first: ${first}) { ...rows } } } }`;
    const rows = `fragment rows on AppointmentsConnection
      { nodes { organization { appointments(first: 100) { edges { node { id } } } } } }`;
    it.each([
      ["written out", `{ ${pages("100")} } ${rows}`, {}],
      ["in a variable", `query ($n: Int) { ${pages("$n")} } ${rows}`, { n: 100 }],
      ["in the default of a variable", `query ($n: Int = 100) { ${pages("$n")} } ${rows}`, {}],
      [
        "in many small trees",
        `{ ${[..."abcdefghi"].map((a) => `${a}: ${pages("50")}`).join(" ")} } ${rows}`,
        {},
      ],
    ])("(pages inside pages, %s) is refused before a row is read", async (_name, query, variables) => {
      const answer = await api.graphql(query, { variables });
      expect(answer.status).toBe(400);
      expect(refusalOf(answer)).toMatchObject({ code: "DOCUMENT_TOO_LARGE", details: { limit: "rows" } });
      expect(answer.body.data).toBeUndefined();
    });

    it("is no page inside a page of a sensible size", async () => {
      const token = api.token();
      const query = "{ organizations(first: 5) { nodes { services(first: 50) { nodes { name } } } } }";
      expect((await api.graphql(query, { token })).body.errors).toBeUndefined();
    });

    it("and a subscription is refused: it needs a socket", async () => {
      const answer = await api.graphql("subscription { probeSession }");
      expect(answer.status).toBe(400);
      expect(refusalOf(answer)).toMatchObject({ code: "VALIDATION", reason: "subscriptions_need_a_socket" });
    });

    it("is no document that only comes close", async () => {
      const { body } = await api.graphql(aliased(100));
      expect(Object.keys(body.data)).toHaveLength(100);
    });

    it("and a fragment inside itself ends in a validation error, not in a loop", async () => {
      const answer = await api.graphql("{ ...f } fragment f on Query { ...f }");
      expect(answer.status).toBe(400);
      expect(refusalOf(answer).code).toBe("GRAPHQL_VALIDATION");
    });
  });
}
