-- The platform's words of what is not about treatment. FND-16. Never changed: new words are a record of the next number, whose
-- id is the one that tg_fixed_id() makes of code and number.

select app_private.own_rows('app_public.consent_purpose_versions', scope => '{"organization_id": null, "purpose_code": "analytics"}', rows => '
id: 883b6a21-a578-8485-81b8-13f225f423bb
number: 1
is_required: false
asks_again: true
title_ro: Analiză
title_en: Analytics
body_ro: Sunt de acord ca platforma să înregistreze cum îi folosesc paginile și exercițiile și să numere aceasta împreună cu datele altora.
  Totul funcționează și fără acest acord. Îl pot retrage oricând.
body_en: I agree that the platform records how I use its pages and exercises, and counts it together with that of others.
  It works without this as well. I can withdraw it at any time.
');

select app_private.own_rows('app_public.consent_purpose_versions', scope => '{"organization_id": null, "purpose_code": "marketing_email"}', rows => '
id: bee01213-f2b1-8002-8fb3-7796856df1c8
number: 1
is_required: false
asks_again: true
title_ro: Noutăți prin email
title_en: News by mail
body_ro: Sunt de acord ca clinica să îmi trimită noutăți și oferte prin email. Pot retrage acest acord oricând.
body_en: I agree that the clinic sends me news and offers by mail. I can withdraw this at any time.
');

select app_private.own_rows('app_public.consent_purpose_versions', scope => '{"organization_id": null, "purpose_code": "marketing_push"}', rows => '
id: f8bc5367-6df7-8dfa-88b6-ff87b4075ad9
number: 1
is_required: false
asks_again: true
title_ro: Noutăți prin notificări în browser
title_en: News by notices of the browser
body_ro: Sunt de acord ca clinica să îmi trimită noutăți și oferte prin notificări în browser. Pot retrage acest acord oricând.
body_en: I agree that the clinic sends me news and offers by notices of the browser. I can withdraw this at any time.
');

select app_private.own_rows('app_public.consent_purpose_versions', scope => '{"organization_id": null, "purpose_code": "marketing_sms"}', rows => '
id: 3b77a396-bf45-8adf-86cf-bc250e2ff737
number: 1
is_required: false
asks_again: true
title_ro: Noutăți prin SMS
title_en: News by text message
body_ro: Sunt de acord ca clinica să îmi trimită noutăți și oferte prin SMS. Pot retrage acest acord oricând.
body_en: I agree that the clinic sends me news and offers by text message. I can withdraw this at any time.
');

select app_private.own_rows('app_public.consent_purpose_versions', scope => '{"organization_id": null, "purpose_code": "marketing_whatsapp"}', rows => '
id: f4e6f766-115c-8d0c-8838-f2f8b3ecfef5
number: 1
is_required: false
asks_again: true
title_ro: Noutăți prin WhatsApp
title_en: News by WhatsApp
body_ro: Sunt de acord ca clinica să îmi trimită noutăți și oferte prin WhatsApp. Pot retrage acest acord oricând.
body_en: I agree that the clinic sends me news and offers by WhatsApp. I can withdraw this at any time.
');

select app_private.own_rows('app_public.consent_purpose_versions', scope => '{"organization_id": null, "purpose_code": "org_terms"}', rows => '
id: 2f68f44e-d78e-8337-87d9-e2ce2f06f03c
number: 1
is_required: true
asks_again: true
title_ro: Termenii clinicii
title_en: Terms of the clinic
body_ro: Folosesc serviciile pe care clinica le oferă prin platformă după termenii ei: dau date adevărate despre mine, vin la programările făcute sau le anulez la timp și plătesc ce s-a convenit.
  Dacă îmi retrag acordul, programările viitoare se anulează și nu mai sunt pacient al acestei clinici. Ce cere legea ca clinica să păstreze se păstrează.
body_en: I use what the clinic offers through the platform by its terms: I give true details about myself, I come to appointments that I made or cancel them in time, and I pay what was agreed.
  When I withdraw, appointments to come are cancelled and I am no patient of this clinic any more. What the law asks the clinic to keep is kept.
');

select app_private.own_rows('app_public.consent_purpose_versions', scope => '{"organization_id": null, "purpose_code": "platform_terms"}', rows => '
id: 8cdd096f-02ad-88e8-829a-532f3b97d8e9
number: 1
is_required: true
asks_again: true
title_ro: Termenii platformei
title_en: Terms of the platform
body_ro: Folosesc platforma după termenii ei: contul este numai al meu, îi păstrez cheia pentru mine și nu îl folosesc pentru a face rău altora.
  Dacă îmi retrag acordul, se cere ștergerea contului meu. Ce cere legea ca o clinică să păstreze se păstrează acolo.
body_en: I use the platform by its terms: the account is mine alone, I keep its key to myself, and I do not use it to harm others.
  When I withdraw, the erasure of my account is asked for. What the law asks a clinic to keep is kept there.
');
