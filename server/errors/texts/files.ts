import type { Texts } from "./text.ts";

/** Files that are sent, and why some are not taken. */
export const fileTexts = {
  "NOT_FOUND file_not_found": {
    ro: "Fișierul nu există sau nu îl puteți confirma dumneavoastră. Încărcați-l din nou.",
    en: "There is no such file, or it is not yours to confirm. Upload it again.",
  },
  "GONE upload_expired": {
    ro: "Încărcarea a durat mai mult de o zi. Începeți alta.",
    en: "The upload took longer than a day. Request another.",
  },
  "STATE nothing_uploaded": {
    ro: "Fișierul nu a sosit încă. Trimiteți-l mai întâi, apoi confirmați.",
    en: "No bytes have come yet. Send them with File.upload first, then confirm.",
  },
  "VALIDATION file_rejected": {
    ro:
      "{rejection, select, " +
      "type_mismatch {Conținutul este de alt tip decât cel anunțat. Trimiteți fișierul cu tipul și extensia lui.} " +
      "second_type {Fișierul conține încă unul sau o pagină web. Salvați-l ori tipăriți-l din nou și trimiteți acel fișier; o " +
      "fotografie animată, fără film.} " +
      "malformed {Fișierul este deteriorat. Deschideți-l, salvați-l din nou și trimiteți acel fișier.} " +
      "truncated {Lipsește sfârșitul fișierului. Copiați-l sau descărcați-l încă o dată și trimiteți acel fișier.} " +
      "heic {Este o fotografie HEIC. Trimiteți-o ca JPEG: pe iPhone alegeți Configurări, Cameră, Formate, Cel mai compatibil " +
      "sau partajați fotografia cu opțiunea Cel mai compatibil.} " +
      "encrypted {PDF-ul cere o parolă. Tipăriți-l într-un PDF nou, fără parolă, și trimiteți acel fișier.} " +
      "scripts {PDF-ul conține un program (JavaScript sau o acțiune care pornește singură). Tipăriți-l într-un PDF nou și " +
      "trimiteți acel fișier.} " +
      "launches {PDF-ul pornește programe ori deschide singur alte fișiere sau pagini. Tipăriți-l într-un PDF nou și " +
      "trimiteți acel fișier.} " +
      "attachments {PDF-ul conține alte fișiere. Trimiteți-le separat sau tipăriți-l într-un PDF nou.} " +
      "submits {PDF-ul trimite cuiva ce se completează în el. Tipăriți-l într-un PDF nou și trimiteți acel fișier.} " +
      "media {PDF-ul conține film, sunet sau obiecte 3D. Tipăriți-l într-un PDF nou și trimiteți acel fișier.} " +
      "dynamic_form {PDF-ul este un formular XFA, pe care puține programe îl arată. Tipăriți-l într-un PDF nou și trimiteți " +
      "acel fișier.} " +
      "inflates_too_far {Fișierul se despachetează la peste 128 MB dintr-o bucată, 512 MB în total sau mai mult decât " +
      "spune. Trimiteți-l cu mai puține imagini sau cu imagini mai mici.} " +
      "too_many_pixels {Imaginea este prea mare: cel mult 120 de megapixeli, iar ca PNG cel mult 64 MB despachetată. " +
      "Micșorați-o sau trimiteți-o ca JPEG.} " +
      "too_complex {PDF-ul are peste 250.000 de părți sau părți prea adânc una în alta. Tipăriți-l într-un PDF nou și trimiteți " +
      "acel fișier.} " +
      "size_mismatch {Au sosit mai mulți sau mai puțini octeți decât s-a anunțat. Începeți altă încărcare.} " +
      "digest_mismatch {Au sosit alți octeți decât cei anunțați. Începeți altă încărcare.} " +
      "other {Nu a sosit ce s-a anunțat. Începeți altă încărcare.}}",
    en:
      "{rejection, select, " +
      "type_mismatch {The bytes are of another type than announced. Send the file under its own type and ending.} " +
      "second_type {The file holds another one, or a web page, too. Save or print it anew and send that; a photo that " +
      "moves, without its film.} " +
      "malformed {The file is damaged. Open it, save it anew and send that.} " +
      "truncated {The end of the file is missing. Copy or download it once more and send that.} " +
      "heic {This is a HEIC photo. Send it as JPEG: on an iPhone choose Settings, Camera, Formats, Most Compatible, " +
      "or share the photo with the option Most Compatible.} " +
      "encrypted {The PDF asks for a password. Print it to a new PDF without one and send that.} " +
      "scripts {The PDF holds a program (JavaScript or an action that starts by itself). Print it to a new PDF and send " +
      "that.} " +
      "launches {The PDF starts programs, or opens other files or pages by itself. Print it to a new PDF and send that.} " +
      "attachments {The PDF holds other files. Send each as a file of its own, or print it to a new PDF.} " +
      "submits {The PDF sends what is filled in to somebody. Print it to a new PDF and send that.} " +
      "media {The PDF holds film, sound or 3D. Print it to a new PDF and send that.} " +
      "dynamic_form {The PDF is an XFA form, which only few programs show. Print it to a new PDF and send that.} " +
      "inflates_too_far {The file unpacks to more than 128 MB in one piece, 512 MB in all, or more than it says. Send " +
      "it with fewer or smaller pictures.} " +
      "too_many_pixels {The picture is too large: up to 120 megapixels, and as PNG up to 64 MB unpacked. Make it " +
      "smaller, or send it as JPEG.} " +
      "too_complex {The PDF has more than 250,000 parts, or parts within parts too deep. Print it to a new PDF and send " +
      "that.} " +
      "size_mismatch {There are more or fewer bytes than announced. Request another upload.} " +
      "digest_mismatch {The bytes are others than announced. Request another upload.} " +
      "other {The bytes are not what was announced. Request another upload.}}",
    details: { rejection: "text" },
  },
  "VALIDATION surface_unknown": {
    ro: "Nu există un asemenea fel de fișiere. Alegeți unul dintre: {legal}.",
    en: "There is no such kind of file. Choose one of {legal}.",
    details: { field: "text", legal: "texts" },
  },
  "VALIDATION content_type_not_taken": {
    ro:
      "{rejection, select, heic {Este o fotografie HEIC. Trimiteți-o ca JPEG: pe iPhone alegeți Configurări, Cameră, " +
      "Formate, Cel mai compatibil sau partajați fotografia cu opțiunea Cel mai compatibil.} " +
      "other {Fișierele de acest tip nu se primesc aici. Trimiteți unul dintre tipurile: {taken}.}}",
    en:
      "{rejection, select, heic {This is a HEIC photo. Send it as JPEG: on an iPhone choose Settings, Camera, Formats, " +
      "Most Compatible, or share the photo with the option Most Compatible.} " +
      "other {A file of this type is not taken here. Send one of the types {taken}.}}",
    details: { field: "text", taken: "texts", rejection: "text?" },
  },
  "VALIDATION filename_not_usable": {
    ro: "Numele fișierului are un singur rând, cel mult 200 de caractere și nicio bară oblică. Redenumiți-l.",
    en: "A file's name is one line of up to 200 characters without slashes. Rename it.",
    details: { field: "text" },
  },
  "VALIDATION filename_of_another_type": {
    ro: "Extensia numelui nu se potrivește cu tipul fișierului. Numele se termină în: {endings}.",
    en: "The ending of the name does not fit the type of the file. It ends in one of {endings}.",
    details: { field: "text", endings: "texts" },
  },
  "VALIDATION file_too_large": {
    ro: "Fișierul este gol sau mai mare de {most}, cât se primește aici. Trimiteți unul mai mic.",
    en: "The file is empty, or larger than the {most} that are taken here. Send a smaller one.",
    details: { field: "text", least: "number", most: "bytes" },
  },
  "VALIDATION digest_not_readable": {
    ro: "Suma SHA-256 a fișierului se scrie cu 64 de cifre hexazecimale mici. Trimiteți-o așa.",
    en: "Give the SHA-256 of the bytes as 64 lower-case hex digits.",
    details: { field: "text" },
  },
  "CONFLICT too_many_files": {
    ro: "Aici încap cel mult {most, plural, one {un fișier} few {# fișiere} other {# de fișiere}}. Ștergeți mai întâi unul.",
    en: "At most {most, plural, one {one file} other {# files}} may lie here. Remove one first.",
    details: { most: "number" },
  },
  "CONFLICT too_many_open_uploads": {
    ro:
      "Sunt deschise {most, plural, one {o încărcare} few {# încărcări} other {# de încărcări}}, cel mult câte se poate. " +
      "Încheiați câteva dintre ele; cele neterminate se închid într-o zi.",
    en:
      "{most, plural, one {One upload is} other {# uploads are}} open, as many as may be. Finish some of them; those " +
      "that are not end within a day.",
    details: { most: "number" },
  },
  "UNAVAILABLE storage_unavailable": {
    ro: "Fișierele nu pot fi accesate acum. Încercați din nou peste câteva clipe.",
    en: "Files cannot be reached right now. Try again in a moment.",
  },
  "UNAVAILABLE checks_busy": {
    ro: "Se verifică prea multe fișiere deodată. Încercați din nou peste câteva clipe.",
    en: "Too many files are being checked at once. Try again in a moment.",
  },
  "UNAVAILABLE check_too_slow": {
    ro: "Verificarea fișierului a durat prea mult. Încercați din nou peste câteva clipe sau salvați-l din nou și trimiteți-l așa.",
    en: "The file took too long to check. Try again in a moment, or save it anew and send that.",
  },
} as const satisfies Texts;
