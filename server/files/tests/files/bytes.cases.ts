import { randomUUID } from "node:crypto";
import { deflateSync } from "node:zlib";
import pg from "pg";
import { describe, expect, test } from "vitest";
import type { ObjectStore } from "../../../../providers/storage/port.ts";
import { Refusal } from "../../../../runtime/refusal.ts";
import { written } from "../../../errors/written.ts";
import type { Settings } from "../../../identity/session.ts";
import { type Answer, type Json, refusalOf } from "../../../tests/support.ts";
import { createFiles } from "../../index.ts";
import { packedObjects, pdfWith } from "../pdfs.ts";
import { jpegSample, pdfSample, zipSample } from "../samples.ts";
import { type Announced, send } from "../support.ts";
import { letter, seenBy, world } from "./world.ts";

export function bytesCases(): void {
  describe("the bytes decide (FND-13)", () => {
    const announced = async (file: Announced): Promise<Json> =>
      (await world.announce("ana", file)).body.data.requestUpload.file;
    /** Puts bytes where an upload goes, as a store without checks would let the browser do. */
    const smuggle = async (fileId: string, bytes: Buffer) => {
      const { uploaded_key } = await world.row(fileId);
      await world.store.put(uploaded_key, bytes, { contentType: "application/pdf" });
    };

    test("bytes of another type than announced are refused, for good", async () => {
      const file = await announced(letter(Buffer.from("<html><script>alert(1)</script></html>")));
      expect((await send(file.upload, Buffer.from("<html><script>alert(1)</script></html>"))).status).toBe(
        200,
      );
      for (let time = 0; time < 2; time++) {
        const refusal = refusalOf(await world.confirm("ana", file.id));
        expect(refusal).toMatchObject({
          code: "VALIDATION",
          reason: "file_rejected",
          details: { rejection: "type_mismatch" },
        });
      }
      expect(await seenBy("ana", file.id)).toMatchObject({ download: null, upload: null });
      expect(await seenBy("stefan", file.id)).toBeNull();
    });

    test.each([
      ["a picture announced as a PDF", jpegSample, "type_mismatch"],
      ["a PDF that is an archive too", Buffer.concat([pdfSample(), zipSample()]), "second_type"],
      ["half a PDF", pdfSample().subarray(0, 300), "truncated"],
      ["a PDF with a script", pdfWith("<< /S /J#61vaScript /JS (app.alert(1)) >>"), "scripts"],
      ["a PDF that starts a program", pdfWith(packedObjects(["<< /S /Launch /F (cmd.exe) >>"])), "launches"],
      [
        "a PDF that unpacks to 130 MB",
        pdfWith({ entries: "/Filter /FlateDecode", bytes: deflateSync(Buffer.alloc(130 << 20)) }),
        "inflates_too_far",
      ],
    ])("%s", async (_, bytes, rejection) => {
      const file = await announced(letter(bytes));
      expect((await send(file.upload, bytes)).status).toBe(200);
      const refusal = refusalOf(await world.confirm("ana", file.id));
      expect(refusal.details).toEqual({ rejection });
      expect(refusal.hint).toBe(
        written(new Refusal("VALIDATION", "file_rejected", { rejection }), "ro").message,
      );
      expect(await world.row(file.id)).toMatchObject({
        status: "rejected",
        rejection,
        confirmed_at: null,
      });
      expect(await world.keys()).not.toContain((await world.row(file.id)).object_key);
    });

    test.each([
      ["more bytes than announced", Buffer.concat([pdfSample(), Buffer.alloc(40)]), "size_mismatch"],
      ["fewer", pdfSample().subarray(0, -3), "size_mismatch"],
      [
        "as many others",
        Buffer.from(pdfSample().toString("latin1").replace("Scrisoare", "Scrisoars"), "latin1"),
        "digest_mismatch",
      ],
    ])(
      "a store that checks nothing lets %s through, and the confirmation does not",
      async (_, bytes, rejection) => {
        const file = await announced(letter());
        await smuggle(file.id, bytes);
        expect(refusalOf(await world.confirm("ana", file.id)).details).toEqual({ rejection });
      },
    );

    test("a PDF in a printer's job, filled up with NULs, is kept as it came", async () => {
      const bytes = Buffer.concat([
        Buffer.from("\x1b%-12345X@PJL ENTER LANGUAGE=PDF\r\n", "latin1"),
        pdfSample(),
        Buffer.alloc(3_000),
      ]);
      const file = await world.upload("ana", letter(bytes));
      const { download } = await seenBy("stefan", file.id);
      expect(Buffer.from(await (await fetch(download.url)).arrayBuffer())).toEqual(bytes);
    });

    test("nothing uploaded is told, and the upload can still be made", async () => {
      const file = await announced(letter());
      expect(refusalOf(await world.confirm("ana", file.id))).toMatchObject({
        code: "STATE",
        reason: "nothing_uploaded",
      });
      await send(file.upload, pdfSample());
      expect((await world.confirm("ana", file.id)).body.data.confirmUpload.file.status).toBe("CONFIRMED");
    });

    test("the URL for the bytes is the uploader's alone, in whatever list others see the row", async () => {
      const file = await announced(letter());
      expect(file.upload.url).toContain("X-Amz-Signature");
      // The row of a pending file is shown to nobody else; whoever is shown it all the same gets no URL.
      await world.api.sql(
        "create policy files_select_probe on app_public.files for select to app_member using (id = tests.id('probe'))",
      );
      await world.api.sql("select tests.remember('probe', $1)", [file.id]);
      for (const name of ["stefan", "olga", "andrei", "bogdan"]) {
        const seen = await seenBy(name, file.id);
        expect(seen?.upload ?? null, name).toBeNull();
      }
      expect((await seenBy("stefan", file.id)).id).toBe(file.id);
      expect((await seenBy("ana", file.id)).upload.url).toContain("X-Amz-Signature");
      await world.api.sql("drop policy files_select_probe on app_public.files");
    });

    test("somebody else's upload is not theirs to confirm, staff of the clinic included", async () => {
      const file = await announced(letter());
      await send(file.upload, pdfSample());
      for (const name of ["bogdan", "stefan", "olga", "beata", "andrei"]) {
        expect(refusalOf(await world.confirm(name, file.id)), name).toMatchObject({ code: "NOT_FOUND" });
        expect(refusalOf(await world.confirm(name, randomUUID())), name).toMatchObject({ code: "NOT_FOUND" });
      }
      expect((await world.row(file.id)).status).toBe("pending");
    });

    test("an upload that took longer than a day is over", async () => {
      const file = await announced(letter());
      await send(file.upload, pdfSample());
      await world.api.sql(
        "update app_public.files set expires_at = now() - interval '1 minute' where id = $1",
        [file.id],
      );
      expect(refusalOf(await world.confirm("ana", file.id))).toMatchObject({
        code: "GONE",
        reason: "upload_expired",
      });
      expect(await seenBy("ana", file.id)).toMatchObject({ upload: null });
    });

    test("a second confirmation, and twenty at once, answer the same", async () => {
      const file = await announced(letter(pdfSample("Raport", 200_000)));
      await send(file.upload, pdfSample("Raport", 200_000));
      // Of a server that is busy one hears so, and asks again.
      const confirmed = async (): Promise<Answer> => {
        const answer = await world.confirm("ana", file.id);
        return answer.status === 503 ? confirmed() : answer;
      };
      const answers = [];
      for (let wave = 0; wave < 5; wave++) {
        answers.push(...(await Promise.all(Array.from({ length: 4 }, confirmed))));
      }
      for (const answer of answers) {
        expect(answer.body.data?.confirmUpload.file, answer.text).toMatchObject({
          id: file.id,
          status: "CONFIRMED",
        });
      }
      const { object_key, uploaded_key } = await world.row(file.id);
      expect(await world.keys()).toContain(object_key);
      expect(await world.keys()).not.toContain(uploaded_key);
    });

    test("who finds nothing because another confirmation was faster is told that all is well", async () => {
      const file = await announced(letter());
      await send(file.upload, pdfSample());
      const pool = new pg.Pool({ connectionString: world.api.authenticatorUrl });
      const settings = {
        role: "app_member",
        "app.principal_id": (await world.row(file.id)).uploaded_by,
        "app.request_id": randomUUID(),
      };
      const faster: ObjectStore = {
        ...world.store,
        async get(key) {
          await world.confirm("ana", file.id);
          return await world.store.get(key);
        },
      };
      const files = createFiles({ pool, objects: { for: async () => faster, close() {} } });
      await files.confirm(settings, file.id).finally(() => pool.end());
      expect((await world.row(file.id)).status).toBe("confirmed");
    });

    test("thirty confirmations at once are all confirmed, or told to come back", async () => {
      // Large enough that the first is still being looked at when the last asks.
      const bytes = pdfSample("Raport", 5_000_000);
      const file = await announced(letter(bytes));
      await send(file.upload, bytes);
      const answers = await Promise.all(Array.from({ length: 30 }, () => world.confirm("ana", file.id)));
      const outcomes = answers.map(
        (answer) => answer.body.data?.confirmUpload?.file?.status ?? refusalOf(answer).reason,
      );
      expect(outcomes).toContain("CONFIRMED");
      const come = ["checks_busy", "database_busy", "too_many_at_once"];
      expect(outcomes.filter((outcome) => outcome !== "CONFIRMED" && !come.includes(outcome))).toEqual([]);
    });

    test("more confirmations at once than there is memory for are told to come back, until the others end", async () => {
      const gate = Promise.withResolvers<never>();
      const pool = { connect: () => gate.promise } as unknown as pg.Pool;
      const files = createFiles({ pool, objects: { for: () => gate.promise, close() {} } });
      const confirm = () => files.confirm({} as Settings, randomUUID());
      const checked = Promise.allSettled(Array.from({ length: 4 }, confirm));
      await expect(confirm()).rejects.toMatchObject({ reason: "checks_busy" });
      gate.reject(new Error("the connection is gone"));
      expect((await checked).map(({ status }) => status)).toEqual(Array(4).fill("rejected"));
      await expect(confirm()).rejects.not.toMatchObject({ reason: "checks_busy" });
    });

    test("what was confirmed cannot be replaced by the URL that is still good", async () => {
      const bytes = pdfSample();
      const file = await announced(letter(bytes));
      await send(file.upload, bytes);
      await world.confirm("ana", file.id);

      // The upload is gone from its place, so the same bytes go in once more; others never.
      expect(
        (await send(file.upload, Buffer.concat([bytes.subarray(0, -7), Buffer.from("\n%%EOX\n")]))).status,
      ).toBe(400);
      await send(file.upload, bytes);
      const { uploaded_key } = await world.row(file.id);
      expect((await world.confirm("ana", file.id)).body.data.confirmUpload.file.status).toBe("CONFIRMED");
      expect(await world.keys()).toContain(uploaded_key); // not even looked at: it is swept
      await smuggle(file.id, zipSample());
      expect((await world.confirm("ana", file.id)).body.data.confirmUpload.file.status).toBe("CONFIRMED");

      const { download } = await seenBy("stefan", file.id);
      expect(Buffer.from(await (await fetch(download.url)).arrayBuffer())).toEqual(bytes);
    });

    test("cut off between writing the bytes and saying so, the next confirmation finishes", async () => {
      const bytes = pdfSample();
      const file = await announced(letter(bytes));
      await send(file.upload, bytes);
      const { object_key } = await world.row(file.id);
      await world.store.put(object_key, Buffer.from("half of it"), { contentType: "application/pdf" });
      expect((await world.confirm("ana", file.id)).body.data.confirmUpload.file.status).toBe("CONFIRMED");
      const { download } = await seenBy("ana", file.id);
      expect(Buffer.from(await (await fetch(download.url)).arrayBuffer())).toEqual(bytes);
    });

    test("who lost the appointment before the confirmation confirms nothing", async () => {
      const ownerId = await world.id("dan's appointment at boreal");
      const file = (await world.announce("dan", { ...letter(), ownerId })).body.data.requestUpload.file;
      await send(file.upload, pdfSample());
      await world.api.sql("update app_public.appointments set deleted_at = now() where id = $1", [ownerId]);
      expect(refusalOf(await world.confirm("dan", file.id)).code).toBe("NOT_FOUND");
      await world.api.sql("update app_public.appointments set deleted_at = null where id = $1", [ownerId]);
    });
  });
}
