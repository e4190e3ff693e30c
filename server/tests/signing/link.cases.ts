import { SignJWT } from "jose";
import { expect, it } from "vitest";
import { refusalOf } from "../support.ts";
import { doorsWith, drawing, type World } from "./world.ts";

/** What everybody gets who has no token of ours, to the letter. */
const NOTHING = { status: 404, code: "NOT_FOUND", reason: "link_not_found" };
export const told = (answer: Awaited<ReturnType<ReturnType<typeof doorsWith>["open"]>>) => ({
  status: answer.status,
  code: refusalOf(answer).code,
  reason: refusalOf(answer).reason,
});
export const gone = (reason: string) => ({ status: 410, code: "GONE", reason });

export async function toSign(world: World, typed = true) {
  const form = await world.form("remote_link", { typed });
  const sent = await world.send(form);
  const token = await world.mailed(form);
  return { form, sent, token, at: doorsWith(world.api, token) };
}

export async function signature(at: ReturnType<typeof doorsWith>, session: string) {
  const { body } = await at.form(session);
  return {
    answers: { pain: 4 },
    textHash: body.textHash,
    locale: body.locale,
    agreed: true,
    typedName: "Ioana Popescu",
  };
}

export function linkCases(world: () => World): void {
  it("goes by mail, opens for the right person, takes answers, and signs once", async () => {
    const { form, sent, at } = await toSign(world());
    expect(sent).toMatchObject({
      code: null,
      signatureLink: { status: "OPEN", kind: "LINK", identifyBy: "BIRTH_DATE" },
    });
    // Whoever looks at mails looks at links: nothing is used up by it.
    for (const _ of [1, 2, 3]) expect((await at.open()).status).toBe(200);
    expect((await at.open()).body).toEqual({
      kind: "link",
      clinic: { name: "Atlas", slug: "atlas" },
      locale: "ro",
      identify: { by: "birth_date", attemptsLeft: 5 },
      expiresAt: expect.stringMatching(/^20\d\d-/),
    });
    expect(told(await at.form())).toEqual({ status: 401, code: "UNAUTHENTICATED", reason: "not_identified" });

    const session = await at.session();
    const shown = await at.form(session);
    expect(shown.body).toMatchObject({ formId: form, signature: "typed", locale: "ro", answers: {} });
    expect(shown.body.purposes.map(({ code }: { code: string }) => code)).toEqual([
      "telemedicine",
      "video_recording",
    ]);
    const missing = await at.save({}, session);
    expect(missing.body.problems).toMatchObject([{ path: "pain", message: expect.stringMatching(/./) }]);
    expect((await at.save({ pain: 4 }, session)).body).toEqual({ answers: { pain: 4 }, problems: [] });
    expect((await at.save({ pain: 99 }, session)).body).toMatchObject({
      answers: { pain: 4 },
      problems: [{ path: "pain" }],
    });

    const given = await signature(at, session);
    const signed = await at.sign(given, session);
    expect(signed.body).toEqual({
      signedAt: expect.any(String),
      proofHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(told(await at.open())).toEqual(gone("used"));
    expect(told(await at.sign(given, session))).toEqual(gone("used"));
    const events = await world().api.sql(
      "select event from app_public.signature_events where form_id = $1 order by position",
      [form],
    );
    expect(events.map(({ event }) => event)).toEqual([
      "link_created",
      "link_sent",
      "opened",
      "identified",
      "viewed",
      "signed",
    ]);
  });

  it("signs once, however often it is sent at the same moment", async () => {
    const { form, at } = await toSign(world());
    const session = await at.session();
    const given = await signature(at, session);
    const answers = await Promise.all(Array.from({ length: 6 }, () => at.sign(given, session)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410, 410, 410, 410, 410]);
    const [{ signatures, consents }] = await world().api.sql(
      `select (select count(*)::int from app_public.form_signatures where form_id = $1) as signatures,
              (select count(*)::int from app_public.consents where source_form_id = $1) as consents`,
      [form],
    );
    expect({ signatures, consents }).toEqual({ signatures: 1, consents: 2 });
  });

  it("is given back when the signature is refused", async () => {
    const { form, at } = await toSign(world());
    const session = await at.session();
    const given = await signature(at, session);
    expect(told(await at.sign({ ...given, agreed: false }, session))).toMatchObject({
      status: 400,
      reason: "not_agreed",
    });
    expect(told(await at.sign({ ...given, answers: {} }, session))).toMatchObject({
      reason: "answers_not_valid",
    });
    expect(told(await at.sign({ ...given, textHash: "0".repeat(64) }, session))).toMatchObject({
      reason: "text_is_another",
    });
    expect(told(await at.sign({ ...given, drawing: drawing() }, session))).toMatchObject({
      reason: "signed_twice",
    });
    const rows = await world().api.sql(
      `select (select count(*)::int from app_public.form_signatures where form_id = $1) as signatures,
              (select status from app_public.signature_links where form_id = $1) as link,
              (select status from app_public.forms where id = $1) as form,
              (select count(*)::int from app_private.events where subject_id = $1 and name = 'form.signed') as events`,
      [form],
    );
    expect(rows).toEqual([{ signatures: 0, link: "open", form: "pending", events: 0 }]);
    expect((await at.sign(given, session)).status).toBe(200);
  });

  it("is answered alike whatever is wrong with it: tampered, of another key, of none, of another door, no token at all", async () => {
    const { api } = world();
    const { token } = await toSign(world());
    const [head = "", body = "", mac = ""] = token.split(".");
    const claims = JSON.parse(Buffer.from(body, "base64url").toString());
    const packed = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const other = await new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).sign(Buffer.alloc(32, 7));
    const attempts: [string, string, string][] = [
      [
        "one letter of the claims",
        `${head}.${body.slice(0, -2)}${body.at(-2) === "A" ? "B" : "A"}${body.at(-1)}.${mac}`,
        "Link",
      ],
      [
        "one letter of the signature",
        `${head}.${body}.${mac.startsWith("A") ? "B" : "A"}${mac.slice(1)}`,
        "Link",
      ],
      ["another form", `${head}.${packed({ ...claims, form: "A".repeat(22) })}.${mac}`, "Link"],
      ["alg none", `${packed({ alg: "none" })}.${body}.`, "Link"],
      ["alg none with the signature", `${packed({ alg: "none" })}.${body}.${mac}`, "Link"],
      ["alg HS512", `${packed({ alg: "HS512" })}.${body}.${mac}`, "Link"],
      ["another key", other, "Link"],
      ["the door of kiosks", token, "Kiosk"],
      ["a bearer", token, "Bearer"],
      ["words", "let-me-in", "Link"],
      ["nothing", "", "Link"],
      ["very much", "A".repeat(5_000), "Link"],
    ];
    const texts = new Set<string>();
    for (const [name, tried, scheme] of attempts) {
      const answer = await doorsWith(api, tried, scheme).open();
      expect({ name, ...told(answer) }).toEqual({ name, ...NOTHING });
      texts.add(answer.text);
    }
    expect((await api.fetch("/v1/signing")).status).toBe(404);
    expect(texts.size).toBe(1);
    expect((await doorsWith(api, token).open()).status).toBe(200);
  });

  it("is gone when another one was sent, taken back, over, or not needed any more; nobody's address opens it after it changed", async () => {
    const { api, send, mailed, token: as } = world();
    const again = await toSign(world());
    await send(again.form);
    expect(told(await again.at.open())).toEqual(gone("revoked"));
    const second = doorsWith(api, await mailed(again.form));
    expect((await second.open()).status).toBe(200);

    const revoke = (form: string, who: "alina" | "billing" | "otto") =>
      api.fetch(`/v1/forms/${form}/revoke-signature-link`, {
        method: "POST",
        headers: { authorization: `Bearer ${as(who)}` },
      });
    expect((await revoke(again.form, "otto")).status).toBe(404);
    expect((await revoke(again.form, "billing")).status).toBe(403);
    expect((await revoke(again.form, "alina")).body).toMatchObject({ formId: again.form, status: "revoked" });
    expect(told(await second.open())).toEqual(gone("revoked"));
    expect(told(await revoke(again.form, "alina"))).toMatchObject({
      status: 409,
      reason: "nothing_to_revoke",
    });

    const old = await toSign(world());
    await api.sql("update app_public.signature_links set expires_at = now() where form_id = $1", [old.form]);
    expect(told(await old.at.open())).toEqual(gone("expired"));
    await api.sql("select app_private.expire_signature_links()");
    expect(told(await old.at.open())).toEqual(gone("expired"));

    const moved = await toSign(world());
    await api.sql("update app_public.patient_profiles set phone = '+40722000999' where id = $1", [
      world().ids.ioana,
    ]);
    expect(told(await moved.at.open())).toEqual(gone("revoked"));
  });

  it("is over when the person does not want to sign, which is a no to each purpose", async () => {
    const { form, at } = await toSign(world());
    expect((await at.refuse({ reason: "Vreau să mă gândesc." }, await at.session())).status).toBe(204);
    expect(told(await at.open())).toEqual(gone("revoked"));
    const rows = await world().api.sql(
      `select f.status, (select array_agg(c.decision) from app_public.consents c where c.source_form_id = f.id) as decisions
       from app_public.forms f where f.id = $1`,
      [form],
    );
    expect(rows).toEqual([{ status: "pending", decisions: ["refused", "refused"] }]);
  });

  it("FND-26: is sent once, however often the same request comes, and the code is told again", async () => {
    const form = await world().form("remote_link", { typed: true });
    const send = (key: string, identifyWith: string) =>
      world().api.graphql(
        `mutation ($input: SendSignatureLinkInput!) { sendSignatureLink(input: $input) { code signatureLink { id status } } }`,
        {
          token: world().token("alina"),
          variables: { input: { formId: form, identifyWith } },
          headers: { "idempotency-key": key },
        },
      );
    const [first, atOnce] = await Promise.all([send("link-1", "CODE"), send("link-1", "CODE")]);
    expect(first?.body.data.sendSignatureLink).toEqual({
      code: expect.stringMatching(/^\d{6}$/),
      signatureLink: { id: expect.any(String), status: "OPEN" },
    });
    expect([atOnce?.body, (await send("link-1", "CODE")).body]).toEqual([first?.body, first?.body]);
    expect(refusalOf(await send("link-1", "BIRTH_DATE"))).toMatchObject({ code: "IDEMPOTENCY_MISMATCH" });
    const links = "select from app_public.signature_links where form_id = $1";
    expect(await world().api.sql(links, [form])).toHaveLength(1);

    expect((await send("link-2", "CODE")).body.data.sendSignatureLink.code).toMatch(/^\d{6}$/);
    expect(await world().api.sql(links, [form])).toHaveLength(2);
  });

  it("stands nowhere but in the mail: not in the database, its jobs, its audit, or a log", async () => {
    const { api } = world();
    const { token, at, form } = await toSign(world());
    const session = await at.session();
    const given = await signature(at, session);
    await at.sign(given, session);
    const [, body = "", mac = ""] = token.split(".");
    const { rnd } = JSON.parse(Buffer.from(body, "base64url").toString());
    const canaries = [token, mac, rnd, session];
    const tables = await api.sql(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname in ('app_public', 'app_private', 'audit', 'graphile_worker')`,
    );
    const found: string[] = [];
    for (const { name } of tables) {
      const [{ text }] = await api.sql(
        `select coalesce(string_agg(r::text, ' '), '') as text from ${name} r`,
      );
      for (const canary of canaries) {
        const bytes = Buffer.from(canary).toString("hex");
        if (text.includes(canary) || text.includes(bytes)) found.push(`${name} holds ${canary}`);
      }
    }
    expect(found).toEqual([]);
    expect(tables.length).toBeGreaterThan(50);
    const logs = api.logs();
    expect(canaries.filter((canary) => logs.includes(canary))).toEqual([]);
    expect(logs).toContain("/v1/signing/sign");
    expect(form).not.toBe("");
  });
}
