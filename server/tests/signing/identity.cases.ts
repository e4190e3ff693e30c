import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { refusalOf } from "../support.ts";
import { gone, signature, told, toSign } from "./link.cases.ts";
import { doorsWith, type World } from "./world.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest();

/** Who somebody at a link is. */
export function identityCases(world: () => World): void {
  it("opens for no wrong answer, and is locked by five", async () => {
    const { at } = await toSign(world());
    for (const left of [4, 3, 2, 1]) {
      const answer = await at.identify({ birthDate: "1980-05-18" });
      expect(answer.status).toBe(403);
      expect(refusalOf(answer)).toMatchObject({ reason: "not_this_person", details: { attemptsLeft: left } });
    }
    expect(told(await at.identify({ code: "123456" }))).toEqual(gone("locked"));
    expect(told(await at.identify({ birthDate: "1980-05-17" }))).toEqual(gone("locked"));
    expect(told(await at.open())).toEqual(gone("locked"));
  });

  it("counts guesses that come at once", async () => {
    const { at } = await toSign(world());
    const answers = await Promise.all(
      Array.from({ length: 9 }, (_, day) => at.identify({ birthDate: `1990-01-0${day + 1}` })),
    );
    expect(answers.map(({ status }) => status).filter((status) => status === 403)).toHaveLength(4);
    expect(told(await at.identify({ birthDate: "1980-05-17" }))).toEqual(gone("locked"));
  });

  it("asks for a code where staff want one, which is told them once and kept as a keyed digest", async () => {
    const form = await world().form("remote_link", { typed: true });
    const { code, signatureLink } = await world().send(form, { identifyWith: "CODE" });
    expect(code).toMatch(/^\d{6}$/);
    expect(signatureLink.identifyBy).toBe("CODE");
    const at = doorsWith(world().api, await world().mailed(form));
    expect(told(await at.identify({ birthDate: "1980-05-17" }))).toMatchObject({ reason: "not_this_person" });
    expect((await at.identify({ code })).body.session).toMatch(/^[\w-]{43}$/);
    const [{ kept }] = await world().api.sql(
      "select code_hash as kept from app_public.signature_links where form_id = $1",
      [form],
    );
    expect(kept).not.toEqual(sha256(code));
    expect(kept).not.toEqual(sha256(`${signatureLink.id} ${code}`));
  });

  it("is opened by no session of another link", async () => {
    const one = await toSign(world());
    const other = await toSign(world());
    const session = await other.at.session();
    expect(told(await one.at.form(session))).toMatchObject({ status: 401, reason: "not_identified" });
    const given = await signature(other.at, session);
    expect(told(await one.at.sign(given, session))).toMatchObject({ status: 401, reason: "not_identified" });
    // The latest of two people who said who they are goes on.
    const later = await other.at.session();
    expect(told(await other.at.form(session))).toMatchObject({ status: 401 });
    expect((await other.at.form(later)).status).toBe(200);
  });
}
