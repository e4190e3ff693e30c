import { expect, it } from "vitest";
// @ts-expect-error The verifier is one file without types, for whoever downloads it.
import { faultsIn } from "../../../verifier/verify.mjs";
import { decodePng } from "../../files/pictures/decode_png.ts";
import { bytesOf, jpegSample, pngChunk, pngSample } from "../../files/tests/samples.ts";
import { type Json, refusalOf } from "../support.ts";
import { doorsWith, drawing, type World } from "./world.ts";

const faults = (bundle: Json): { part: string; problem: string }[] => faultsIn(bundle);

export function proofCases(world: () => World): void {
  const proof = (form: string, who: "ioana" | "vlad" | "alina" | "otto" | "billing") =>
    world().api.fetch(`/v1/forms/${form}/proof`, {
      headers: { authorization: `Bearer ${world().token(who)}` },
    });
  const verification = (form: string) =>
    world().api.graphql(
      "query ($form: UUID!) { signatureVerification(formId: $form) { isWhole parts proofSha256 } }",
      {
        token: world().token("alina"),
        variables: { form },
      },
    );

  async function drawn(): Promise<string> {
    const form = await world().form("drawn_kiosk");
    const at = doorsWith(world().api, await world().startKiosk(form), "Kiosk");
    expect((await at.open()).body).toMatchObject({ kind: "kiosk", identify: null });
    const { body } = await at.form();
    const signed = await at.sign({
      answers: { pain: 4 },
      textHash: body.textHash,
      locale: "ro",
      agreed: true,
      drawing: drawing(pngSample(16, [pngChunk("tEXt", Buffer.from("Comment\0drawn in 1374 ms"))])),
    });
    expect(signed.status).toBe(200);
    expect(refusalOf(await at.open())).toMatchObject({ code: "GONE", reason: "used" });
    return form;
  }

  it("is handed to whoever sees the form, holds for a stranger and for SQL, and names who drew what (CNS-05, CNS-07)", async () => {
    const form = await drawn();
    const { body, headers } = await proof(form, "alina");
    expect(headers.get("content-disposition")).toBe(`attachment; filename="proof-${form}.json"`);
    expect(faults(body)).toEqual([]);
    expect((await verification(form)).body.data.signatureVerification).toEqual({
      isWhole: true,
      parts: [],
      proofSha256: body.proofHash,
    });
    expect((await proof(form, "ioana")).body.proofHash).toBe(body.proofHash);
    expect((await proof(form, "vlad")).status).toBe(404);
    expect((await proof(form, "otto")).status).toBe(404);
    expect((await proof(form, "billing")).status).toBe(404);
    const told = JSON.parse(body.proof);
    expect(told).toMatchObject({
      level: "simple",
      patient: { name: "Ioana Popescu", birthDate: "1980-05-17" },
      signer: { identifiedBy: "staff", relationship: "patient" },
      link: { kind: "kiosk", device: "Tableta 1" },
      address: "127.0.0.1",
      signature: {
        mode: "drawn_kiosk",
        kind: "drawn",
        image: { width: 16, height: 16 },
        path: { width: 400, height: 200 },
      },
      purposes: [{ code: "telemedicine" }, { code: "video_recording" }],
    });
    expect(told).not.toHaveProperty("location");

    // The picture has the pixels, and nothing of when or how fast they were drawn.
    const image = Buffer.from(body.image, "base64");
    expect(decodePng(image)).toEqual(decodePng(bytesOf(pngSample(16))));
    expect(image.includes("1374")).toBe(false);
    const shown = await world().api.graphql("query ($form: UUID!) { signatureImage(formId: $form) }", {
      token: world().token("ioana"),
      variables: { form },
    });
    expect(shown.body.data.signatureImage).toBe(body.image);
  });

  it.each<[string, string, (bundle: Json) => void]>([
    [
      "a changed answer",
      "answers",
      (bundle) => {
        bundle.answers = '{"pain":5}';
      },
    ],
    [
      "a changed text",
      "text",
      (bundle) => {
        bundle.text += ".";
      },
    ],
    [
      "a swapped image",
      "image",
      (bundle) => {
        bundle.image = pngSample(8).toString("base64");
      },
    ],
    [
      "changed strokes",
      "path",
      (bundle) => {
        bundle.path = "M0 0";
      },
    ],
    [
      "a dropped event",
      "events",
      (bundle) => {
        bundle.events.splice(1, 1);
      },
    ],
    [
      "reordered events",
      "events",
      (bundle) => {
        bundle.events.reverse();
      },
    ],
  ])("the verifier names %s (CNS-07)", async (_name, part, change) => {
    const { body } = await proof(await drawn(), "alina");
    change(body);
    expect(faults(body).map((fault) => fault.part)).toEqual([part]);
  });

  it("is no bundle before the form is signed", async () => {
    const form = await world().form("drawn_kiosk");
    expect(refusalOf(await proof(form, "alina"))).toMatchObject({ code: "STATE", reason: "not_signed" });
    expect((await proof("0195f3c0-0000-7000-8000-000000000000", "alina")).status).toBe(404);
    expect(refusalOf(await proof("x", "alina"))).toMatchObject({
      code: "VALIDATION",
      reason: "field_invalid",
    });
  });

  it("takes no picture that is none, at a kiosk that stays open for a good one (CNS-05)", async () => {
    const form = await world().form("drawn_kiosk");
    const at = doorsWith(world().api, await world().startKiosk(form), "Kiosk");
    const { body } = await at.form();
    const given = { answers: { pain: 4 }, textHash: body.textHash, locale: "ro", agreed: true };
    for (const [png, rejection] of [
      [jpegSample, "type_mismatch"],
      [bytesOf(pngSample(4)).subarray(0, 50), "truncated"],
      [bytesOf(pngSample(4, [], undefined), "trailing"), "second_type"],
      [Buffer.from("<svg/>"), "type_mismatch"],
    ] as [Buffer, string][]) {
      const answer = await at.sign({ ...given, drawing: drawing(png) });
      expect(answer.status).toBe(400);
      expect(refusalOf(answer)).toMatchObject({ reason: "signature_image_rejected", details: { rejection } });
    }
    const long = await at.sign({
      ...given,
      drawing: { ...drawing(), path: `M0 0${"L1 1".repeat(1_000_000)}` },
    });
    expect(long.status).toBe(413);
    const odd = await at.sign({ ...given, drawing: { ...drawing(), path: "M0 0L1 1<script>" } });
    expect(refusalOf(odd)).toMatchObject({ reason: "path_invalid" });
    expect((await at.sign({ ...given, drawing: drawing() })).status).toBe(200);
  });

  it("opens nothing but its form, and ends when staff take the tablet back (CNS-05)", async () => {
    const { api, token } = world();
    const form = await world().form("drawn_kiosk");
    const kiosk = await world().startKiosk(form, "kiosk-1");
    expect(await world().startKiosk(form, "kiosk-1")).toBe(kiosk); // FND-26
    const at = doorsWith(api, kiosk, "Kiosk");
    expect((await doorsWith(api, kiosk, "Link").open()).status).toBe(404);
    expect(
      (
        await api.graphql("{ forms(first: 1) { nodes { id } } }", {
          headers: { authorization: `Kiosk ${kiosk}` },
        })
      ).status,
    ).toBe(401);
    expect(refusalOf(await at.identify({ birthDate: "1980-05-17" }))).toMatchObject({
      reason: "staff_identify_here",
    });
    const [{ minutes }] = await api.sql(
      "select round(extract(epoch from expires_at - created_at) / 60)::int as minutes from app_public.signature_links where form_id = $1",
      [form],
    );
    expect(minutes).toBe(15);
    const ended = await api.graphql(
      "mutation ($form: UUID!) { endKiosk(input: {formId: $form}) { signatureLink { status endedBecause } } }",
      {
        token: token("alina"),
        variables: { form },
      },
    );
    expect(ended.body.data.endKiosk.signatureLink).toEqual({ status: "REVOKED", endedBecause: "STAFF" });
    expect(refusalOf(await at.form())).toMatchObject({ code: "GONE", reason: "revoked" });
  });

  it("is made in the portal too, by name (CNS-04)", async () => {
    const { api, token } = world();
    const form = await world().form("click_typed");
    const { body } = await api.graphql(
      "query ($form: UUID!) { formText(formId: $form) { textHash locale } }",
      {
        token: token("ioana"),
        variables: { form },
      },
    );
    const sign = (who: "ioana" | "vlad") =>
      api.graphql(
        `mutation ($form: UUID!, $hash: String!) { signForm(input: {formId: $form, textHash: $hash, locale: RO,
           typedName: "Ioana Popescu", agreed: true, answers: {pain: 4}}) { formSignature { mode typedName proofSha256 form { status } } } }`,
        { token: token(who), variables: { form, hash: body.data.formText.textHash } },
      );
    expect(refusalOf(await sign("vlad"))).toMatchObject({ code: "NOT_FOUND" });
    expect((await sign("ioana")).body.data.signForm.formSignature).toEqual({
      mode: "CLICK_TYPED",
      typedName: "Ioana Popescu",
      proofSha256: (await proof(form, "ioana")).body.proofHash,
      form: { status: "SIGNED" },
    });
    expect(faults((await proof(form, "ioana")).body)).toEqual([]);
  });
}
