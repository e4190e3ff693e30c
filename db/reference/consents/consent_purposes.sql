-- What people are asked to accept everywhere. FND-16, CNS-01. Clinics add their treatments by publish_consent_version().
-- The id of a row is the one that tg_fixed_id() makes of its code.

select app_private.own_rows('app_public.consent_purposes', scope => '{"organization_id": null}', rows => '
id: ad16a569-ab11-85b0-8d76-312dcc6b09d6
code: analytics
scope: platform
legal_basis: consent
is_withdrawable: true
is_medical: false
on_withdrawal: nothing
name: Analytics
name_ro: Analiză
needed_for: Counting how the pages and exercises are used, so that they get better.
needed_for_ro: Numărarea felului în care sunt folosite paginile și exercițiile, ca să devină mai bune.
==========
id: fb9116f4-3a60-89c1-84fb-82d9f0a1cfd1
code: biometric_capture
scope: organization
legal_basis: consent
is_withdrawable: true
is_medical: true
on_withdrawal: nothing
name: Measuring movement
name_ro: Măsurarea mișcării
needed_for: Exercises that follow the movement with the camera, and measurements of joints.
needed_for_ro: Exercițiile care urmăresc mișcarea cu camera și măsurătorile articulațiilor.
==========
id: 0cf84179-98a1-8532-82ed-2bd764c5a87b
code: marketing_email
scope: organization
legal_basis: consent
is_withdrawable: true
is_medical: false
on_withdrawal: nothing
name: News by mail
name_ro: Noutăți prin email
needed_for: News and offers of the clinic by mail. What concerns appointments comes without it.
needed_for_ro: Noutățile și ofertele clinicii prin email. Ce ține de programări vine și fără acest acord.
==========
id: b8e8da99-ee1d-86ce-8224-6b33d0181fdd
code: marketing_push
scope: organization
legal_basis: consent
is_withdrawable: true
is_medical: false
on_withdrawal: nothing
name: News by notices of the browser
name_ro: Noutăți prin notificări în browser
needed_for: News and offers of the clinic by notices of the browser. What concerns appointments comes without it.
needed_for_ro: Noutățile și ofertele clinicii prin notificări în browser. Ce ține de programări vine și fără acest acord.
==========
id: aa5db549-8e60-805c-8044-53b1e667c33e
code: marketing_sms
scope: organization
legal_basis: consent
is_withdrawable: true
is_medical: false
on_withdrawal: nothing
name: News by text message
name_ro: Noutăți prin SMS
needed_for: News and offers of the clinic by text message. What concerns appointments comes without it.
needed_for_ro: Noutățile și ofertele clinicii prin SMS. Ce ține de programări vine și fără acest acord.
==========
id: b8a371cb-071f-845d-86ea-905598be5b45
code: marketing_whatsapp
scope: organization
legal_basis: consent
is_withdrawable: true
is_medical: false
on_withdrawal: nothing
name: News by WhatsApp
name_ro: Noutăți prin WhatsApp
needed_for: News and offers of the clinic by WhatsApp. What concerns appointments comes without it.
needed_for_ro: Noutățile și ofertele clinicii prin WhatsApp. Ce ține de programări vine și fără acest acord.
==========
id: 32fbd699-a334-8798-8a47-4635441efe78
code: org_terms
scope: organization
legal_basis: contract
is_withdrawable: true
is_medical: false
on_withdrawal: removal
name: Terms of the clinic
name_ro: Termenii clinicii
needed_for: Being a patient of the clinic: appointments, forms and treatment plans there.
needed_for_ro: Calitatea de pacient al clinicii: programările, formularele și planurile de tratament de acolo.
==========
id: d70cddc6-1e9c-8a3d-8080-7bcfff2bd487
code: platform_terms
scope: platform
legal_basis: contract
is_withdrawable: true
is_medical: false
on_withdrawal: erasure
name: Terms of the platform
name_ro: Termenii platformei
needed_for: The account itself.
needed_for_ro: Contul însuși.
==========
id: b3c2367d-e7b0-8b3b-8241-c542db088901
code: privacy_notice
scope: organization
legal_basis: legal_obligation
is_withdrawable: false
is_medical: false
on_withdrawal: nothing
name: Privacy notice
name_ro: Nota de informare
needed_for: Knowing what the clinic does with personal data: that it was read.
needed_for_ro: Cunoașterea a ceea ce face clinica cu datele personale: că a fost citită.
==========
id: ea4a84c0-631c-8767-88ed-8502b37bc25b
code: telemedicine
scope: organization
legal_basis: consent
is_withdrawable: true
is_medical: true
on_withdrawal: nothing
name: Telemedicine
name_ro: Telemedicină
needed_for: Appointments by video or phone.
needed_for_ro: Programările prin video sau telefon.
==========
id: 0dd9466b-10ad-8f10-82a7-c0f5e94a9873
code: video_recording
scope: organization
legal_basis: consent
is_withdrawable: true
is_medical: true
on_withdrawal: nothing
name: Recording of video
name_ro: Înregistrarea video
needed_for: Recordings of appointments by video. The appointments themselves go on without it.
needed_for_ro: Înregistrările programărilor video. Programările au loc și fără acest acord.
');
