import { randomUUID } from "node:crypto";
import { deflateSync } from "node:zlib";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { ObjectStore } from "../../../providers/storage/port.ts";
import type { Settings } from "../../identity/session.ts";
import { type Answer, type Json, refusalOf } from "../../tests/support.ts";
import { createFiles } from "../index.ts";
import { packedObjects, pdfWith } from "./pdfs.ts";
import { jpegSample, pdfSample, pngSample, zipSample } from "./samples.ts";
import { type Announced, type FilesWorld, openFilesWorld, send } from "./support.ts";

let world: FilesWorld;
let appointment: string;
beforeAll(async () => {
  world = await openFilesWorld();
  appointment = await world.id("ana's appointment at atlas");
});
afterAll(() => world.close());

const letter = (bytes = pdfSample()): Announced => ({
  surface: "appointment_files",
  ownerId: appointment,
  bytes,
});
const seenBy = async (name: string, fileId: string): Promise<Json> =>
  (
    await world.as(
      name,
      `query ($id: UUID!) { file(rowId: $id) { rowId filename download { url } upload { url } } }`,
      { id: fileId },
    )
  ).body.data.file;
const rows = async () => Number((await world.api.sql("select count(*) from app_public.files"))[0].count);

describe("a file goes from the browser to the store and is read where its owner is (FND-13)", () => {
  test("a patient uploads a letter to the own appointment, and staff download it as an attachment", async () => {
    const bytes = pdfSample("Scrisoare medicală", 20_000);
    const file = await world.upload("ana", { ...letter(bytes), filename: "Rețetă „Țăranu”.pdf" });
    expect(file).toMatchObject({ status: "confirmed", contentType: "application/pdf", upload: null });

    const { download } = await seenBy("stefan", file.rowId);
    const response = await fetch(download.url);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
    expect(response.headers.get("content-type")).toBe("application/pdf");
    expect(response.headers.get("content-disposition")).toMatch(
      /^attachment; .*filename\*=UTF-8''Re%C8%9Bet%C4%83/,
    );
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  });

  test("a URL is good for five minutes, and nothing on the way keeps it", async () => {
    const file = await world.upload("ana", letter());
    const answer = await world.as(
      "ana",
      `query ($id: UUID!) { file(rowId: $id) { download { url expiresAt } } }`,
      {
        id: file.rowId,
      },
    );
    const { url, expiresAt } = answer.body.data.file.download;
    expect(new URL(url).searchParams.get("X-Amz-Expires")).toBe("300");
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(300_000);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(world.api.logs()).not.toContain("X-Amz-Signature");
  });

  test("keys are made of ids, never of the name", async () => {
    const file = await world.upload("ana", { ...letter(), filename: "..%2f..%2fetc passwd.pdf" });
    const { organization_id, object_key } = await world.row(file.rowId);
    expect(object_key).toBe(`${organization_id}/appointments/${file.rowId}`);
    expect(await world.keys()).toContain(object_key);
  });

  test("a logo is seen by the clinic's people, and the next one replaces it", async () => {
    const clinic = await world.id("atlas");
    const logo = (side: number) => ({
      surface: "organization_logo",
      ownerId: clinic,
      filename: "logo.png",
      contentType: "image/png",
      bytes: pngSample(side),
    });
    const first = await world.upload("olga", logo(8));
    const second = await world.upload("adrian", logo(9));
    const { body } = await world.as(
      "ana",
      "query ($id: UUID!) { organization(rowId: $id) { files(first: 5) { nodes { rowId surface } } } }",
      { id: clinic },
    );
    expect(body.data.organization.files.nodes).toEqual([
      { rowId: second.rowId, surface: "organization_logo" },
    ]);
    expect(await seenBy("ana", first.rowId)).toBeNull();
    expect((await world.row(first.rowId)).status).toBe("deleted");
    expect(await seenBy("dan", second.rowId)).toBeNull();
  });

  test("a specialist's signature is for staff, though patients see the specialist", async () => {
    const file = await world.upload("stefan", {
      surface: "specialist_signatures",
      ownerId: await world.id("stefan"),
      filename: "semnatura.png",
      contentType: "image/png",
      bytes: pngSample(),
    });
    expect(await seenBy("flavia", file.rowId)).not.toBeNull();
    expect(await seenBy("ana", file.rowId)).toBeNull();
  });

  test("the files of an appointment are listed in one query, with their URLs", async () => {
    const { id } = (
      await world.api.sql(
        `select tests.file('listed ' || n, 'appointment_files', tests.id('bogdan''s appointment at atlas'), 'stefan'),
                tests.id('bogdan''s appointment at atlas') as id
         from generate_series(1, 50) n`,
      )
    )[0];
    const query = vi.spyOn(pg.Client.prototype, "query"); // the API runs in this process
    const answer = await world.as(
      "bogdan",
      `query ($id: UUID!) { appointment(rowId: $id) { files(first: 60) { nodes { filename download { url } } } } }`,
      { id },
    );
    const asked = query.mock.calls.map(([text]) => String((text as { text?: string }).text ?? text));
    query.mockRestore();
    const { nodes } = answer.body.data.appointment.files;
    expect(nodes.length).toBeGreaterThanOrEqual(50);
    expect(new Set(nodes.map((node: Json) => node.download.url)).size).toBe(nodes.length);
    expect(asked.filter((text) => text.includes("app_public"))).toHaveLength(1);
  });

  test("there is no list of files but through their owners", async () => {
    const answer = await world.as("adrian", "{ files { nodes { rowId } } }");
    expect(refusalOf(answer).code).toBe("GRAPHQL_VALIDATION");
  });
});

describe("what people's programs call their files is taken (FND-13)", () => {
  test.each([
    ["a picture saved by Windows", "poză.jfif", "image/jpeg", "poză.jfif", "image/jpeg"],
    ["a type that is not registered", "poză.JPG", "image/jpg", "poză.JPG", "image/jpeg"],
    [
      "a type that shouts, with parameters",
      "poză.jpeg",
      "IMAGE/JPEG; charset=binary",
      "poză.jpeg",
      "image/jpeg",
    ],
    ["an older type", "a.jpe", "image/pjpeg", "a.jpe", "image/jpeg"],
    ["a space behind the name", "poză.jpg ", "image/jpeg", "poză.jpg", "image/jpeg"],
    ["another kind of space", "\u00A0\tpoză.jpg\u00A0", "image/jpeg", "poză.jpg", "image/jpeg"],
    [
      "a picture of several parts",
      "👩🏽‍⚕️ familia 👨‍👩‍👧.jpg",
      "image/jpeg",
      "👩🏽‍⚕️ familia 👨‍👩‍👧.jpg",
      "image/jpeg",
    ],
  ])("%s", async (_, filename, contentType, kept, type) => {
    const file = await world.upload("ana", { ...letter(jpegSample), filename, contentType });
    expect(file).toMatchObject({ status: "confirmed", filename: kept, contentType: type });
    const { download } = await seenBy("stefan", file.rowId);
    const response = await fetch(download.url);
    expect(response.headers.get("content-disposition")).toBe(
      response.headers.get("content-disposition")?.replace("inline", "attachment"),
    );
    expect(response.headers.get("content-disposition")).toContain(
      `filename*=UTF-8''${encodeURIComponent(kept).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)}`,
    );
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  });
});

describe("what is not allowed is refused before a byte is sent, and leaves nothing (FND-13)", () => {
  const refused = async (name: string, file: Announced) => {
    const before = await rows();
    const { code, reason } = refusalOf(await world.announce(name, file));
    expect(await rows()).toBe(before);
    return [code, reason];
  };

  test("another patient, another clinic's staff and a random id get the same answer", async () => {
    for (const name of ["bogdan", "dan", "beata", "elena", "root"]) {
      expect(await refused(name, letter()), name).toEqual(["NOT_FOUND", "not_found"]);
      expect(await refused(name, { ...letter(), ownerId: randomUUID() }), name).toEqual([
        "NOT_FOUND",
        "not_found",
      ]);
    }
  });

  test("a caregiver may upload for whom they care", async () => {
    expect((await world.upload("andrei", letter())).status).toBe("confirmed");
  });

  test("a colleague without the permission is told which", async () => {
    const clinic = await world.id("atlas");
    const logo = {
      surface: "organization_logo",
      ownerId: clinic,
      filename: "l.png",
      contentType: "image/png",
      bytes: pngSample(),
    };
    expect(await refused("flavia", logo)).toEqual(["FORBIDDEN", "permission_missing"]);
    expect(await refused("ana", logo)).toEqual(["NOT_FOUND", "not_found"]);
  });

  test("somebody else's signature is not for a colleague to upload", async () => {
    const signature = {
      surface: "specialist_signatures",
      ownerId: await world.id("stefan's colleague"),
      filename: "s.png",
      contentType: "image/png",
      bytes: pngSample(),
    };
    expect(await refused("stefan", signature)).toEqual(["FORBIDDEN", "permission_missing"]);
  });

  test("a visitor may not upload", async () => {
    const answer = await world.api.graphql(
      `mutation { requestUpload(input: { surface: "appointment_files", ownerId: "${appointment}", filename: "a.pdf",
        contentType: "application/pdf", sizeBytes: "10", sha256: "${"0".repeat(64)}" }) { result { rowId } } }`,
    );
    expect(refusalOf(answer).code).toBe("UNAUTHENTICATED");
  });

  test.each([
    ["of a type the surface does not take", { contentType: "application/dicom" }, "content_type_not_taken"],
    ["of no type", { contentType: "" }, "content_type_not_taken"],
    ["that is a page", { contentType: "text/html", filename: "a.html" }, "content_type_not_taken"],
    ["that is an SVG", { contentType: "image/svg+xml", filename: "a.svg" }, "content_type_not_taken"],
    ["named after another type", { filename: "raport.exe" }, "filename_of_another_type"],
    ["named twice", { filename: "raport.pdf.html" }, "filename_of_another_type"],
    ["without an ending", { filename: "raport" }, "filename_of_another_type"],
    ["named a folder", { filename: "../../raport.pdf" }, "filename_not_usable"],
    ["named over two lines", { filename: "raport\r\nSet-Cookie: a=b.pdf" }, "filename_not_usable"],
    ["whose name runs backwards", { filename: "raport\u202Eexe.pdf" }, "filename_not_usable"],
    ["without a name", { filename: "—.…" }, "filename_not_usable"],
    ["larger than allowed", { sizeBytes: 26_214_401 }, "file_too_large"],
    ["of a size nobody has", { sizeBytes: "9223372036854775807" as never }, "file_too_large"],
    ["that is empty", { sizeBytes: 0 }, "file_too_large"],
    ["that is smaller than nothing", { sizeBytes: -5 }, "file_too_large"],
    ["with half a digest", { sha256: "ab12" }, "digest_not_readable"],
    ["with a shouted digest", { sha256: "A".repeat(64) }, "digest_not_readable"],
    ["of an unknown surface", { surface: "uploads" }, "surface_unknown"],
    ["whose name is joined to hide", { filename: "raport\u200D.pdf" }, "filename_not_usable"],
    ["whose name begins with a joiner", { filename: "\u200D🏽raport.pdf" }, "filename_not_usable"],
  ])("a file %s", async (_, changes, reason) => {
    expect(await refused("ana", { ...letter(), ...changes } as Announced)).toEqual([
      "VALIDATION",
      expect.any(String),
    ]);
    expect((await refused("ana", { ...letter(), ...changes } as Announced))[1]).toBe(reason);
  });

  test("a HEIC photo is told how to be sent", async () => {
    for (const contentType of ["image/heic", "IMAGE/HEIF"]) {
      const photo = { ...letter(), contentType, filename: "IMG_2041.HEIC" };
      const refusal = refusalOf(await world.announce("ana", photo));
      expect(refusal).toMatchObject({ code: "VALIDATION", reason: "content_type_not_taken" });
      expect(refusal.hint).toMatch(/JPEG.*iPhone.*Most Compatible/);
    }
  });

  test("who opens more than fifty uploads has to finish some", async () => {
    await world.api.sql(
      `select tests.file('open ' || n, 'appointment_files', tests.id('carmen''s appointment at atlas'), 'corina', status => 'pending')
       from generate_series(1, 50) n`,
    );
    const ownerId = await world.id("carmen's appointment at atlas");
    expect(await refused("corina", { ...letter(), ownerId })).toEqual(["CONFLICT", "too_many_open_uploads"]);
  });

  test("a row holds only so many files", async () => {
    const ownerId = await world.id("massage at atlas");
    await world.api.sql(
      `select tests.file('leaflet ' || n, 'service_attachments', tests.id('massage at atlas'), 'olga') from generate_series(1, 30) n`,
    );
    expect(await refused("adrian", { ...letter(), surface: "service_attachments", ownerId })).toEqual([
      "CONFLICT",
      "too_many_files",
    ]);
  });
});

describe("the bytes decide (FND-13)", () => {
  const announced = async (file: Announced): Promise<Json> =>
    (await world.announce("ana", file)).body.data.requestUpload.result;
  /** Puts bytes where an upload goes, as a store without checks would let the browser do. */
  const smuggle = async (fileId: string, bytes: Buffer) => {
    const { uploaded_key } = await world.row(fileId);
    await world.store.put(uploaded_key, bytes, { contentType: "application/pdf" });
  };

  test("bytes of another type than announced are refused, for good", async () => {
    const file = await announced(letter(Buffer.from("<html><script>alert(1)</script></html>")));
    expect((await send(file.upload, Buffer.from("<html><script>alert(1)</script></html>"))).status).toBe(200);
    for (let time = 0; time < 2; time++) {
      const refusal = refusalOf(await world.confirm("ana", file.rowId));
      expect(refusal).toMatchObject({
        code: "VALIDATION",
        reason: "file_rejected",
        details: { rejection: "type_mismatch" },
      });
    }
    expect(await seenBy("ana", file.rowId)).toMatchObject({ download: null, upload: null });
    expect(await seenBy("stefan", file.rowId)).toBeNull();
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
    const refusal = refusalOf(await world.confirm("ana", file.rowId));
    expect(refusal.details).toEqual({ rejection });
    const [{ hint }] = await world.api.sql("select app_private.rejection_hint($1) as hint", [rejection]);
    expect(refusal.hint).toBe(hint);
    expect(await world.row(file.rowId)).toMatchObject({ status: "rejected", rejection, confirmed_at: null });
    expect(await world.keys()).not.toContain((await world.row(file.rowId)).object_key);
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
      await smuggle(file.rowId, bytes);
      expect(refusalOf(await world.confirm("ana", file.rowId)).details).toEqual({ rejection });
    },
  );

  test("a PDF in a printer's job, filled up with NULs, is kept as it came", async () => {
    const bytes = Buffer.concat([
      Buffer.from("\x1b%-12345X@PJL ENTER LANGUAGE=PDF\r\n", "latin1"),
      pdfSample(),
      Buffer.alloc(3_000),
    ]);
    const file = await world.upload("ana", letter(bytes));
    const { download } = await seenBy("stefan", file.rowId);
    expect(Buffer.from(await (await fetch(download.url)).arrayBuffer())).toEqual(bytes);
  });

  test("nothing uploaded is told, and the upload can still be made", async () => {
    const file = await announced(letter());
    expect(refusalOf(await world.confirm("ana", file.rowId))).toMatchObject({
      code: "STATE",
      reason: "nothing_uploaded",
    });
    await send(file.upload, pdfSample());
    expect((await world.confirm("ana", file.rowId)).body.data.confirmUpload.result.status).toBe("confirmed");
  });

  test("the URL for the bytes is the uploader's alone, in whatever list others see the row", async () => {
    const file = await announced(letter());
    expect(file.upload.url).toContain("X-Amz-Signature");
    // The row of a pending file is shown to nobody else; whoever is shown it all the same gets no URL.
    await world.api.sql(
      "create policy files_select_probe on app_public.files for select to app_member using (id = tests.id('probe'))",
    );
    await world.api.sql("select tests.remember('probe', $1)", [file.rowId]);
    for (const name of ["stefan", "olga", "andrei", "bogdan"]) {
      const seen = await seenBy(name, file.rowId);
      expect(seen?.upload ?? null, name).toBeNull();
    }
    expect((await seenBy("stefan", file.rowId)).rowId).toBe(file.rowId);
    expect((await seenBy("ana", file.rowId)).upload.url).toContain("X-Amz-Signature");
    await world.api.sql("drop policy files_select_probe on app_public.files");
  });

  test("somebody else's upload is not theirs to confirm, staff of the clinic included", async () => {
    const file = await announced(letter());
    await send(file.upload, pdfSample());
    for (const name of ["bogdan", "stefan", "olga", "beata", "andrei"]) {
      expect(refusalOf(await world.confirm(name, file.rowId)), name).toMatchObject({ code: "NOT_FOUND" });
      expect(refusalOf(await world.confirm(name, randomUUID())), name).toMatchObject({ code: "NOT_FOUND" });
    }
    expect((await world.row(file.rowId)).status).toBe("pending");
  });

  test("an upload that took longer than a day is over", async () => {
    const file = await announced(letter());
    await send(file.upload, pdfSample());
    await world.api.sql(
      "update app_public.files set expires_at = now() - interval '1 minute' where id = $1",
      [file.rowId],
    );
    expect(refusalOf(await world.confirm("ana", file.rowId))).toMatchObject({
      code: "GONE",
      reason: "upload_expired",
    });
    expect(await seenBy("ana", file.rowId)).toMatchObject({ upload: null });
  });

  test("a second confirmation, and twenty at once, answer the same", async () => {
    const file = await announced(letter(pdfSample("Raport", 200_000)));
    await send(file.upload, pdfSample("Raport", 200_000));
    // Of a server that is busy one hears so, and asks again.
    const confirmed = async (): Promise<Answer> => {
      const answer = await world.confirm("ana", file.rowId);
      return answer.status === 503 ? confirmed() : answer;
    };
    const answers = [];
    for (let wave = 0; wave < 5; wave++) {
      answers.push(...(await Promise.all(Array.from({ length: 4 }, confirmed))));
    }
    for (const answer of answers) {
      expect(answer.body.data?.confirmUpload.result, answer.text).toMatchObject({
        rowId: file.rowId,
        status: "confirmed",
      });
    }
    const { object_key, uploaded_key } = await world.row(file.rowId);
    expect(await world.keys()).toContain(object_key);
    expect(await world.keys()).not.toContain(uploaded_key);
  });

  test("who finds nothing because another confirmation was faster is told that all is well", async () => {
    const file = await announced(letter());
    await send(file.upload, pdfSample());
    const pool = new pg.Pool({ connectionString: world.api.authenticatorUrl });
    const settings = {
      role: "app_member",
      "app.principal_id": (await world.row(file.rowId)).uploaded_by,
      "app.request_id": randomUUID(),
    };
    const faster: ObjectStore = {
      ...world.store,
      async get(key) {
        await world.confirm("ana", file.rowId);
        return await world.store.get(key);
      },
    };
    const files = createFiles({ pool, objects: { for: async () => faster, close() {} } });
    await files.confirm(settings, file.rowId).finally(() => pool.end());
    expect((await world.row(file.rowId)).status).toBe("confirmed");
  });

  test("thirty confirmations at once are all confirmed, or told to come back", async () => {
    // Large enough that the first is still being looked at when the last asks.
    const bytes = pdfSample("Raport", 5_000_000);
    const file = await announced(letter(bytes));
    await send(file.upload, bytes);
    const answers = await Promise.all(Array.from({ length: 30 }, () => world.confirm("ana", file.rowId)));
    const outcomes = answers.map(
      (answer) => answer.body.data?.confirmUpload?.result?.status ?? refusalOf(answer).reason,
    );
    expect(outcomes).toContain("confirmed");
    const come = ["checks_busy", "database_busy", "too_many_at_once"];
    expect(outcomes.filter((outcome) => outcome !== "confirmed" && !come.includes(outcome))).toEqual([]);
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
    await world.confirm("ana", file.rowId);

    // The upload is gone from its place, so the same bytes go in once more; others never.
    expect(
      (await send(file.upload, Buffer.concat([bytes.subarray(0, -7), Buffer.from("\n%%EOX\n")]))).status,
    ).toBe(400);
    await send(file.upload, bytes);
    const { uploaded_key } = await world.row(file.rowId);
    expect((await world.confirm("ana", file.rowId)).body.data.confirmUpload.result.status).toBe("confirmed");
    expect(await world.keys()).toContain(uploaded_key); // not even looked at: it is swept
    await smuggle(file.rowId, zipSample());
    expect((await world.confirm("ana", file.rowId)).body.data.confirmUpload.result.status).toBe("confirmed");

    const { download } = await seenBy("stefan", file.rowId);
    expect(Buffer.from(await (await fetch(download.url)).arrayBuffer())).toEqual(bytes);
  });

  test("cut off between writing the bytes and saying so, the next confirmation finishes", async () => {
    const bytes = pdfSample();
    const file = await announced(letter(bytes));
    await send(file.upload, bytes);
    const { object_key } = await world.row(file.rowId);
    await world.store.put(object_key, Buffer.from("half of it"), { contentType: "application/pdf" });
    expect((await world.confirm("ana", file.rowId)).body.data.confirmUpload.result.status).toBe("confirmed");
    const { download } = await seenBy("ana", file.rowId);
    expect(Buffer.from(await (await fetch(download.url)).arrayBuffer())).toEqual(bytes);
  });

  test("who lost the appointment before the confirmation confirms nothing", async () => {
    const ownerId = await world.id("dan's appointment at boreal");
    const file = (await world.announce("dan", { ...letter(), ownerId })).body.data.requestUpload.result;
    await send(file.upload, pdfSample());
    await world.api.sql("update app_public.appointments set deleted_at = now() where id = $1", [ownerId]);
    expect(refusalOf(await world.confirm("dan", file.rowId)).code).toBe("NOT_FOUND");
    await world.api.sql("update app_public.appointments set deleted_at = null where id = $1", [ownerId]);
  });
});

describe("a deleted file is gone from everybody's eyes (FND-13, FND-10)", () => {
  test("by who may upload there as staff, and nobody else", async () => {
    const file = await world.upload("ana", letter());
    const remove = (name: string) =>
      world.as(name, `mutation ($id: UUID!) { deleteFile(input: { fileId: $id }) { result { status } } }`, {
        id: file.rowId,
      });
    expect(refusalOf(await remove("ana")).code).toBe("NOT_FOUND");
    expect(refusalOf(await remove("beata")).code).toBe("NOT_FOUND");
    expect((await remove("stefan")).body.data.deleteFile.result.status).toBe("deleted");
    expect(await seenBy("stefan", file.rowId)).toBeNull();
    expect(refusalOf(await world.confirm("ana", file.rowId)).code).toBe("NOT_FOUND");
  });
});
