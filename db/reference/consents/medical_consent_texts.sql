-- The platform's words of what is about treatment. FND-16. Never changed: new words are a record of the next number, whose
-- id is the one that tg_fixed_id() makes of code and number.

select app_private.own_rows('app_public.consent_purpose_versions', scope => '{"organization_id": null, "purpose_code": "biometric_capture"}', rows => '
id: 510e05b3-4edb-8775-8636-4ded211a1662
number: 1
is_required: false
asks_again: true
title_ro: Măsurarea mișcării mele
title_en: Measuring how I move
body_ro: Sunt de acord ca clinica să măsoare cum mă mișc, cu camera dispozitivului meu sau cu instrumente: puncte ale corpului, unghiuri ale articulațiilor și ce rezultă din ele.
  Imaginile nu părăsesc dispozitivul. Pot face exerciții și fără acest acord. Îl pot retrage oricând, și în timpul unui exercițiu.
body_en: I agree that the clinic measures how I move, with the camera of my device or with instruments: points of the body, angles of joints, and what follows from them.
  Pictures do not leave the device. I can do exercises without this. I can withdraw it at any time, also during an exercise.
');

select app_private.own_rows('app_public.consent_purpose_versions', scope => '{"organization_id": null, "purpose_code": "telemedicine"}', rows => '
id: 0363bfa0-7b5a-8183-87d1-21e036331083
number: 1
is_required: false
asks_again: true
title_ro: Telemedicină
title_en: Telemedicine
body_ro: Sunt de acord să fiu consultat la distanță, prin video sau telefon. Știu că specialistul nu mă poate examina direct, că legătura se poate întrerupe și că pot fi rugat să vin la clinică.
  Nu este pentru urgențe: atunci sun la 112. Pot retrage acest acord oricând.
body_en: I agree to be seen at a distance, by video or phone. I know that the specialist cannot examine me by hand, that the connection may break, and that I may be asked to come to the clinic.
  It is not for emergencies: then I call 112. I can withdraw this at any time.
');

select app_private.own_rows('app_public.consent_purpose_versions', scope => '{"organization_id": null, "purpose_code": "video_recording"}', rows => '
id: 04a23312-a7d7-8178-887a-1dbf1e9936f5
number: 1
is_required: false
asks_again: true
title_ro: Înregistrarea video
title_en: Recording of video
body_ro: Sunt de acord ca programările video să fie înregistrate, pentru ca clinica să le revadă în vederea tratamentului meu.
  Programările au loc și fără acest acord. Îl pot retrage oricând, și în timpul unei programări.
body_en: I agree that appointments by video are recorded, for the clinic to look at again for my treatment.
  Appointments take place without this as well. I can withdraw it at any time, also during an appointment.
');
