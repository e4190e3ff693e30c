import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { refusalOf } from "../../../tests/support.ts";
import { decodePng } from "../../pictures/decode_png.ts";
import { jpegSample, pngChunk, pngSample } from "../samples.ts";
import { send } from "../support.ts";
import { world } from "./world.ts";

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
const noted = (note: string) => pngSample(16, [pngChunk("tEXt", Buffer.from(`Comment\0${note}`))]);

export function signaturesCases(): void {
  const announced = async (bytes: Buffer) => ({
    surface: "SPECIALIST_SIGNATURES",
    ownerId: await world.id("stefan"),
    bytes,
    filename: "semnatura.png",
    contentType: "image/png",
  });
  const set = async (fileId: string | null, path?: string) =>
    world.as(
      "stefan",
      `mutation ($input: SetSpecialistSignatureInput!) { setSpecialistSignature(input: $input) { specialistSignature { fileId path } } }`,
      { input: { specialistId: await world.id("stefan"), fileId, path } },
    );
  const bytesAt = async (url: string) => Buffer.from(await (await fetch(url)).arrayBuffer());

  describe("a specialist's signature (SPC-04)", () => {
    test("is written anew from its pixels, and the one before stays as it was", async () => {
      const first = await world.upload("stefan", await announced(noted("scanned at home, 12 March")));
      const kept = await bytesAt(first.download.url);
      expect(kept.includes("scanned at home")).toBe(false);
      expect(decodePng(kept)).toEqual(decodePng(pngSample(16)));
      expect(first).toMatchObject({ sha256: sha256(kept), sizeBytes: String(kept.length) });
      expect((await set(first.id, "M0 0L5 5")).body.data.setSpecialistSignature.specialistSignature).toEqual({
        fileId: first.id,
        path: "M0 0L5 5",
      });

      const second = await world.upload("stefan", await announced(pngSample(8)));
      expect((await set(second.id)).body.errors).toBeUndefined();
      const again = await world.as(
        "stefan",
        "query ($id: UUID!) { file(id: $id) { sha256 download { url } } }",
        {
          id: first.id,
        },
      );
      expect(again.body.data.file.sha256).toBe(first.sha256);
      expect(await bytesAt(again.body.data.file.download.url)).toEqual(kept);
    });

    test("is no SVG, no JPEG, and nothing that is larger than a signature", async () => {
      const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>');
      const asSvg = await world.announce("stefan", {
        ...(await announced(svg)),
        contentType: "image/svg+xml",
      });
      expect(refusalOf(asSvg).code).toBe("VALIDATION");
      for (const [bytes, rejection] of [
        [svg, "type_mismatch"],
        [jpegSample, "type_mismatch"],
        [pngSample(1_700), "too_many_pixels"],
      ] as const) {
        const { body } = await world.announce("stefan", await announced(bytes));
        const file = body.data.requestUpload.file;
        expect((await send(file.upload, bytes)).status).toBe(200);
        expect(refusalOf(await world.confirm("stefan", file.id)).details).toEqual({ rejection });
      }
      expect(refusalOf(await set(null, "M0 0<svg>"))).toMatchObject({
        code: "VALIDATION",
        reason: "path_invalid",
      });
    });
  });

  describe("files of a form at a kiosk (CNS-05, FRM-06)", () => {
    test("come in by its token, for its form alone, and are signed with it", async () => {
      const { api } = world;
      await api.sql(`
        -- Those of the two clinics only look like keys.
        delete from app_private.link_keys;
        delete from app_private.data_keys where organization_id is null;
        select set_config('tests.clinic', 'atlas', true);
        select tests.form_template('scanned', jsonb_build_array(tests.form_item('scan', 'file', '{"required": true}')), signature_mode => 'drawn_kiosk');
        select tests.form('to scan', 'ana', 'scanned'), tests.form('other to scan', 'bogdan', 'scanned')`);
      const form = await world.id("to scan");
      const started = await world.as(
        "olga",
        "mutation ($form: UUID!) { startKiosk(input: {formId: $form}) { token } }",
        { form },
      );
      expect(started.body.errors).toBeUndefined();
      const door = (method: string, path: string, body?: object) =>
        api.fetch(`/v1/signing${path}`, {
          method,
          headers: {
            authorization: `Kiosk ${started.body.data.startKiosk.token}`,
            "content-type": "application/json",
          },
          ...(body ? { body: JSON.stringify(body) } : {}),
        });
      const bytes = pngSample(12);
      const file = {
        filename: "scan.png",
        contentType: "image/png",
        sizeBytes: bytes.length,
        sha256: sha256(bytes),
      };
      const wrong = await door("POST", "/files", { ...file, contentType: "text/html" });
      expect(refusalOf(wrong)).toMatchObject({ code: "VALIDATION" });
      const announced = await door("POST", "/files", file);
      expect(announced.status).toBe(201);
      const { id, upload } = announced.body;
      expect(refusalOf(await door("POST", `/files/${id}/confirm`))).toMatchObject({
        reason: "nothing_uploaded",
      });
      expect((await send(upload, bytes)).status).toBe(200);
      expect((await door("POST", `/files/${id}/confirm`)).body).toEqual({ id, status: "confirmed" });
      const strangers = await world.row(
        (
          await world.upload("ana", {
            surface: "APPOINTMENT_FILES",
            ownerId: await world.id("ana's appointment at atlas"),
            bytes,
            filename: "a.png",
            contentType: "image/png",
          })
        ).id,
      );
      expect((await door("POST", `/files/${strangers.id}/confirm`)).status).toBe(404);
      const elsewhere = await door("PUT", "/answers", { answers: { scan: [strangers.id] } });
      expect(elsewhere.status).toBe(400);

      const { body } = await door("GET", "/form");
      const signed = await door("POST", "/sign", {
        answers: { scan: [id] },
        textHash: body.textHash,
        locale: "ro",
        agreed: true,
        drawing: { png: pngSample(8).toString("base64"), path: "M0 0L1 1", width: 10, height: 10 },
      });
      expect(signed.body).toMatchObject({ proofHash: expect.any(String) });
      const [{ attachments }] = await api.sql(
        "select proof::jsonb -> 'attachments' as attachments from app_private.signature_documents where form_id = $1",
        [form],
      );
      expect(attachments).toEqual([
        { id, name: "scan.png", contentType: "image/png", size: bytes.length, sha256: sha256(bytes) },
      ]);
    });
  });
}
