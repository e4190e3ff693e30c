/**
 * A Content-Disposition that downloads under this name (RFC 6266): plain ASCII for old readers, the real name
 * in the extended form of RFC 5987, ș and ț included. Neither part can end the header or name a folder.
 */
export function attachment(filename: string): string {
  const name = filename
    // A joiner between two parts of one picture is part of the name; other signs without a shape hide something.
    .replaceAll(/(?<![^\p{ASCII}\p{Cf}])\u200D|\u200D(?![^\p{ASCII}\p{Cf}])/gu, "")
    .replaceAll(/[^\P{Cf}\u200D]|[\p{Cc}\p{Zl}\p{Zp}]/gu, "")
    .replaceAll(/[/\\]/g, "_")
    .toWellFormed();
  const plain = name
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^\w .()-]/g, "_");
  const extended = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${extended}`;
}
