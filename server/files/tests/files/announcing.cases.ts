import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { refusalOf } from "../../../tests/support.ts";
import { pngSample } from "../samples.ts";
import type { Announced } from "../support.ts";
import { appointment, letter, rows, world } from "./world.ts";

export function announcingCases(): void {
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
      expect((await world.upload("andrei", letter())).status).toBe("CONFIRMED");
    });

    test("a colleague without the permission is told which", async () => {
      const clinic = await world.id("atlas");
      const logo = {
        surface: "ORGANIZATION_LOGO",
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
        surface: "SPECIALIST_SIGNATURES",
        ownerId: await world.id("stefan's colleague"),
        filename: "s.png",
        contentType: "image/png",
        bytes: pngSample(),
      };
      expect(await refused("stefan", signature)).toEqual(["FORBIDDEN", "permission_missing"]);
    });

    test("a visitor may not upload", async () => {
      const answer = await world.api.graphql(
        `mutation { requestUpload(input: { surface: APPOINTMENT_FILES, ownerId: "${appointment}", filename: "a.pdf",
          contentType: "application/pdf", sizeBytes: "10", sha256: "${"0".repeat(64)}" }) { file { id } } }`,
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
      ["whose name is joined to hide", { filename: "raport\u200D.pdf" }, "filename_not_usable"],
      ["whose name begins with a joiner", { filename: "\u200D🏽raport.pdf" }, "filename_not_usable"],
    ])("a file %s", async (_, changes, reason) => {
      expect(await refused("ana", { ...letter(), ...changes } as Announced)).toEqual([
        "VALIDATION",
        expect.any(String),
      ]);
      expect((await refused("ana", { ...letter(), ...changes } as Announced))[1]).toBe(reason);
    });

    test("a surface that there is not is refused by the schema", async () => {
      expect(await refused("ana", { ...letter(), surface: "UPLOADS" })).toEqual([
        "GRAPHQL_VALIDATION",
        "document_invalid",
      ]);
    });

    test("a HEIC photo is told how to be sent", async () => {
      for (const contentType of ["image/heic", "IMAGE/HEIF"]) {
        const photo = { ...letter(), contentType, filename: "IMG_2041.HEIC" };
        const refusal = refusalOf(await world.announce("ana", photo));
        expect(refusal).toMatchObject({ code: "VALIDATION", reason: "content_type_not_taken" });
        expect(refusal.hint).toMatch(/JPEG.*iPhone.*Cel mai compatibil/);
      }
    });

    test("who opens more than fifty uploads has to finish some", async () => {
      await world.api.sql(
        `select tests.file('open ' || n, 'appointment_files', tests.id('carmen''s appointment at atlas'), 'corina', status => 'pending')
         from generate_series(1, 50) n`,
      );
      const ownerId = await world.id("carmen's appointment at atlas");
      expect(await refused("corina", { ...letter(), ownerId })).toEqual([
        "CONFLICT",
        "too_many_open_uploads",
      ]);
    });

    test("a row holds only so many files", async () => {
      const ownerId = await world.id("massage at atlas");
      await world.api.sql(
        `select tests.file('leaflet ' || n, 'service_attachments', tests.id('massage at atlas'), 'olga') from generate_series(1, 30) n`,
      );
      expect(await refused("adrian", { ...letter(), surface: "SERVICE_ATTACHMENTS", ownerId })).toEqual([
        "CONFLICT",
        "too_many_files",
      ]);
    });
  });
}
