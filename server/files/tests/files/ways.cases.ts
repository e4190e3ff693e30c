import pg from "pg";
import { describe, expect, test, vi } from "vitest";
import { type Json, refusalOf } from "../../../tests/support.ts";
import { jpegSample, pdfSample, pngSample } from "../samples.ts";
import { letter, seenBy, world } from "./world.ts";

export function waysCases(): void {
  describe("a file goes from the browser to the store and is read where its owner is (FND-13)", () => {
    test("a patient uploads a letter to the own appointment, and staff download it as an attachment", async () => {
      const bytes = pdfSample("Scrisoare medicală", 20_000);
      const file = await world.upload("ana", { ...letter(bytes), filename: "Rețetă „Țăranu”.pdf" });
      expect(file).toMatchObject({ status: "CONFIRMED", contentType: "application/pdf", upload: null });

      const { download } = await seenBy("stefan", file.id);
      const response = await fetch(download.url);
      expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
      expect(response.headers.get("content-type")).toBe("application/pdf");
      expect(response.headers.get("content-disposition")).toMatch(
        /^attachment; .*filename\*=UTF-8''Re%C8%9Bet%C4%83/,
      );
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    });

    test("APT-04: staff share papers with the patient of an appointment, keep others within the clinic, and nobody else sees any", async () => {
      const shared = await world.upload("stefan", { ...letter(), filename: "Plan.pdf" });
      const kept = await world.upload("stefan", { ...letter(), surface: "APPOINTMENT_NOTES" });
      const listed = async (name: string): Promise<string[]> => {
        const { body } = await world.as(
          name,
          "query ($id: UUID!) { appointment(id: $id) { files(first: 50) { nodes { id } } } }",
          { id: await world.id("ana's appointment at atlas") },
        );
        return (body.data.appointment?.files.nodes ?? []).map(({ id }: Json) => id);
      };
      expect(await listed("stefan")).toEqual(expect.arrayContaining([shared.id, kept.id]));
      expect(await listed("ana")).toContain(shared.id);
      expect(await listed("ana")).not.toContain(kept.id);
      expect(await seenBy("ana", kept.id)).toBeNull();
      for (const stranger of ["bogdan", "dan", "beata"]) {
        expect(await listed(stranger)).toEqual([]);
        expect([await seenBy(stranger, shared.id), await seenBy(stranger, kept.id)]).toEqual([null, null]);
      }
      for (const who of ["ana", "bogdan", "beata"]) {
        const refused = await world.announce(who, { ...letter(), surface: "APPOINTMENT_NOTES" });
        expect(refusalOf(refused).code).toMatch(/FORBIDDEN|NOT_FOUND/);
      }
    });

    test("a URL is good for five minutes, and nothing on the way keeps it", async () => {
      const file = await world.upload("ana", letter());
      const answer = await world.as(
        "ana",
        `query ($id: UUID!) { file(id: $id) { download { url expiresAt } } }`,
        {
          id: file.id,
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
      const { organization_id, object_key } = await world.row(file.id);
      expect(object_key).toBe(`${organization_id}/appointments/${file.id}`);
      expect(await world.keys()).toContain(object_key);
    });

    test("a logo is seen by the clinic's people, and the next one replaces it", async () => {
      const clinic = await world.id("atlas");
      const logo = (side: number) => ({
        surface: "ORGANIZATION_LOGO",
        ownerId: clinic,
        filename: "logo.png",
        contentType: "image/png",
        bytes: pngSample(side),
      });
      const first = await world.upload("olga", logo(8));
      const second = await world.upload("adrian", logo(9));
      const { body } = await world.as(
        "ana",
        "query ($id: UUID!) { organization(id: $id) { files(first: 5) { nodes { id surface } } } }",
        { id: clinic },
      );
      expect(body.data.organization.files.nodes).toEqual([{ id: second.id, surface: "ORGANIZATION_LOGO" }]);
      expect(await seenBy("ana", first.id)).toBeNull();
      expect((await world.row(first.id)).status).toBe("deleted");
      expect(await seenBy("dan", second.id)).toBeNull();
    });

    test("a leaflet of a service is there for everybody while the clinic offers it, and for staff in any case (CAT-02)", async () => {
      const ownerId = await world.id("massage at atlas");
      const bytes = pdfSample("Cum vă pregătiți", 5_000);
      const leaflet = { surface: "SERVICE_ATTACHMENTS", ownerId, bytes, filename: "Pregătire.pdf" };
      const { id } = await world.upload("olga", leaflet);
      const query = `query ($ownerId: UUID!) {
        serviceAttachments(serviceId: $ownerId, first: 5) { nodes { id filename contentType download { url } } }
      }`;
      const seen = async (name?: string): Promise<Json[]> => {
        const variables = { ownerId };
        const { body } = name
          ? await world.as(name, query, variables)
          : await world.api.graphql(query, { variables });
        return body.data.serviceAttachments.nodes;
      };
      const file = (await seen()).find((one) => one.id === id) as Json;
      expect(file).toMatchObject({ id, filename: "Pregătire.pdf", contentType: "application/pdf" });
      expect(Buffer.from(await (await fetch(file.download.url)).arrayBuffer())).toEqual(bytes);
      const many = async () =>
        Promise.all(
          [seen(), seen("ana"), seen("dan"), seen("stefan")].map(async (one) => (await one).length),
        );
      expect(await many()).toEqual([2, 2, 2, 2]);
      await world.api.sql(`update app_public.services set is_active = false where id = '${ownerId}'`);
      expect(await many()).toEqual([0, 0, 0, 2]);
      await world.api.sql(`update app_public.services set is_active = true where id = '${ownerId}'`);
      await world.api.sql(`update app_public.organizations set activated_at = null where slug = 'atlas'`);
      expect(await many()).toEqual([0, 0, 0, 2]);
      await world.api.sql(`update app_public.organizations set activated_at = now() where slug = 'atlas'`);
      await world.as(
        "olga",
        "mutation ($id: UUID!) { deleteFile(input: { fileId: $id }) { clientMutationId: __typename } }",
        { id },
      );
      expect(await many()).toEqual([1, 1, 1, 1]);
    });

    test("a specialist's signature is for staff, though patients see the specialist", async () => {
      const file = await world.upload("stefan", {
        surface: "SPECIALIST_SIGNATURES",
        ownerId: await world.id("stefan"),
        filename: "semnatura.png",
        contentType: "image/png",
        bytes: pngSample(),
      });
      expect(await seenBy("flavia", file.id)).not.toBeNull();
      expect(await seenBy("ana", file.id)).toBeNull();
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
        `query ($id: UUID!) { appointment(id: $id) { files(first: 60) { nodes { filename download { url } } } } }`,
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
      const answer = await world.as("adrian", "{ files { nodes { id } } }");
      expect(refusalOf(answer).code).toBe("GRAPHQL_VALIDATION");
    });
  });
}

export function namesCases(): void {
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
      expect(file).toMatchObject({ status: "CONFIRMED", filename: kept, contentType: type });
      const { download } = await seenBy("stefan", file.id);
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
}

export function deletionCases(): void {
  describe("a deleted file is gone from everybody's eyes (FND-13, FND-10)", () => {
    test("by who may upload there as staff, and nobody else", async () => {
      const file = await world.upload("ana", letter());
      const remove = (name: string) =>
        world.as(name, `mutation ($id: UUID!) { deleteFile(input: { fileId: $id }) { file { status } } }`, {
          id: file.id,
        });
      expect(refusalOf(await remove("ana")).code).toBe("NOT_FOUND");
      expect(refusalOf(await remove("beata")).code).toBe("NOT_FOUND");
      expect((await remove("stefan")).body.data.deleteFile.file.status).toBe("DELETED");
      expect(await seenBy("stefan", file.id)).toBeNull();
      expect(refusalOf(await world.confirm("ana", file.id)).code).toBe("NOT_FOUND");
    });
  });
}
