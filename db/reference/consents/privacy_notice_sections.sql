-- The sections of each template, in Romanian and English. FND-19. Written as a draft: grounds, ages and periods are for counsel to
-- confirm, which privacy_notice_templates says of the whole.

select app_private.own_rows('app_public.privacy_notice_sections', rows => '
template_version: 1
key: controller
position: 1
is_optional: false
title_ro: Cine răspunde de datele dumneavoastră
title_en: Who is responsible for your data
body_ro: {{clinicName}}, {{clinicAddress}}, este operatorul datelor dumneavoastră. Pentru orice întrebare despre date ne puteți scrie la {{clinicEmail}} sau suna la {{clinicPhone}}. Dacă am numit un responsabil cu protecția datelor, îi puteți scrie la aceeași adresă.
body_en: {{clinicName}}, {{clinicAddress}}, is the controller of your data. With any question about your data write to {{clinicEmail}} or call {{clinicPhone}}. If we have appointed a data protection officer, the same address reaches them.
==========
template_version: 1
key: categories
position: 2
is_optional: false
title_ro: Ce date prelucrăm
title_en: Which data we process
body_ro: Date de identificare și de contact (nume, data nașterii, telefon, email); programări; date despre sănătate (motivul prezentării, istoric, evaluări, plan de tratament, rezultate, documente pe care ni le dați); formulare și acorduri semnate, cu dovada semnăturii; plăți și facturi; cine a deschis fișa dumneavoastră și când. Pentru un minor sau o persoană reprezentată, și datele reprezentantului.
body_en: Identification and contact details (name, birth date, telephone, email); appointments; health data (why you come, history, assessments, treatment plan, results, documents that you give us); forms and consents that were signed, with the proof of signature; payments and invoices; who opened your record, and when. For a minor or a represented person also the details of the representative.
==========
template_version: 1
key: purposes
position: 3
is_optional: false
title_ro: De ce și pe ce temei
title_en: Why, and on which ground
body_ro: Îngrijirea medicală și organizarea ei: furnizarea serviciului cerut de dumneavoastră și scopuri medicale (GDPR art. 6 alin. (1) lit. b), art. 9 alin. (2) lit. h)). Fișa medicală, facturile și raportările obligatorii: obligația legală (art. 6 alin. (1) lit. c)). Apărarea drepturilor clinicii sau ale dumneavoastră: interesul legitim (art. 6 alin. (1) lit. f), art. 9 alin. (2) lit. f)). Tot ce este facultativ: acordul dumneavoastră, cerut separat (art. 6 alin. (1) lit. a), art. 9 alin. (2) lit. a)). Temeiurile sunt în curs de confirmare de către consilierul juridic.
body_en: Medical care and its organisation: the service that you asked for, and medical purposes (GDPR art. 6(1)(b), art. 9(2)(h)). Medical record, invoices and mandatory reports: legal obligation (art. 6(1)(c)). Defending rights of the clinic or yours: legitimate interest (art. 6(1)(f), art. 9(2)(f)). Whatever is optional: your consent, asked for separately (art. 6(1)(a), art. 9(2)(a)). These grounds await confirmation by counsel.
==========
template_version: 1
key: source
position: 4
is_optional: false
title_ro: De unde avem datele
title_en: Where the data come from
body_ro: De la dumneavoastră sau de la cine vă reprezintă, de la specialiștii care vă îngrijesc aici și, dacă ne dați documente de la alți medici, de la aceștia. Datele marcate ca obligatorii sunt necesare pentru un tratament sigur; fără ele este posibil să nu vă putem trata.
body_en: From you or whoever represents you, from the specialists who care for you here, and, where you give us documents of other doctors, from them. Data marked as required are needed for safe treatment; without them we may not be able to treat you.
==========
template_version: 1
key: recipients
position: 5
is_optional: false
title_ro: Cine le primește
title_en: Who receives them
body_ro: Specialiștii și personalul clinicii, fiecare numai cât îi cere munca. Furnizorii care ne găzduiesc sistemele și ne trimit mesajele, pe bază de contract și numai după instrucțiunile noastre. Autorități, instanțe sau asigurători, numai când legea o cere sau dumneavoastră ne-o cereți. Nu vindem date.
body_en: Specialists and staff of the clinic, each only as far as their work needs it. Suppliers who host our systems and send our messages, under contract and only on our instructions. Authorities, courts or insurers, only where the law requires it or you ask us to. We sell no data.
==========
template_version: 1
key: cross_border_transfer
position: 6
is_optional: true
title_ro: Transferul datelor în alte țări
title_en: Transfer to other countries
body_ro: Unii dintre furnizorii noștri pot prelucra date și în afara Spațiului Economic European. Facem acest lucru numai pe baza unei decizii de adecvare a Comisiei Europene sau a clauzelor contractuale standard, cu măsuri suplimentare unde este nevoie. Lista furnizorilor și o copie a garanțiilor se obțin la cerere.
body_en: Some of our suppliers may process data outside the European Economic Area as well. We do this only under an adequacy decision of the European Commission or standard contractual clauses, with further measures where needed. The list of suppliers and a copy of the safeguards are available on request.
==========
template_version: 1
key: video
position: 7
is_optional: true
title_ro: Consultații video
title_en: Video consultations
body_ro: Pentru o consultație video se prelucrează imaginea și sunetul cât durează convorbirea, precum și ora și durata ei. Legătura este criptată, iar convorbirea nu se păstrează. Temeiul este acordul dumneavoastră pentru îngrijirea la distanță.
body_en: For a video consultation picture and sound are processed while it lasts, as are its time and length. The connection is encrypted and the conversation is not kept. The ground is your consent to care at a distance.
==========
template_version: 1
key: video_recording
position: 8
is_optional: true
title_ro: Înregistrări
title_en: Recordings
body_ro: Ședințele video se înregistrează numai dacă v-ați dat acordul pentru aceasta. Înregistrările se păstrează criptat, le văd numai specialiștii care vă tratează și se șterg la termenul pe care clinica îl afișează la recepție sau când cereți, dacă legea nu ne obligă să le păstrăm.
body_en: Video sessions are recorded only if you consented to it. Recordings are kept encrypted, are seen only by the specialists who treat you, and are erased at the time that the clinic states at the front desk, or when you ask, unless the law makes us keep them.
==========
template_version: 1
key: telerehab
position: 9
is_optional: true
title_ro: Recuperare acasă
title_en: Rehabilitation at home
body_ro: Dacă faceți exerciții în aplicație, păstrăm planul, exercițiile făcute, durerea și efortul pe care le notați și comentariile. Specialistul le vede ca să adapteze planul. Datele nu sunt urmărite în timp real și nu înlocuiesc un apel la 112.
body_en: If you do exercises in the app, we keep the plan, the exercises done, the pain and effort that you note, and your comments. The specialist sees them to adapt the plan. Nobody watches these data as they arrive, and they do not replace a call to 112.
==========
template_version: 1
key: biometric_capture
position: 10
is_optional: true
title_ro: Măsurarea mișcării
title_en: Measuring movement
body_ro: Cu acordul dumneavoastră, camera sau un senzor măsoară poziția articulațiilor la exerciții. Din imagine se păstrează numai puncte și unghiuri, ca date despre sănătate; ele nu servesc la identificarea persoanei.
body_en: With your consent the camera or a sensor measures the position of joints during exercise. Of the picture only points and angles are kept, as health data; they do not serve to identify a person.
==========
template_version: 1
key: marketing
position: 11
is_optional: true
title_ro: Noutăți și oferte
title_en: News and offers
body_ro: Vă trimitem noutăți numai pe canalele pentru care v-ați dat acordul (email, SMS, WhatsApp, notificări). Îl retrageți din cont, din mesaj sau la recepție. Datele despre sănătate nu sunt folosite pentru a alege ce vă trimitem.
body_en: We send news only over the channels you consented to (email, SMS, WhatsApp, notices). You withdraw it in your account, in the message or at the front desk. Health data are not used to choose what we send.
==========
template_version: 1
key: analytics
position: 12
is_optional: true
title_ro: Statistici de folosire
title_en: Usage statistics
body_ro: Dacă v-ați dat acordul, platforma numără cum sunt folosite paginile și exercițiile, ca să le îmbunătățească. Rezultatele nu numesc persoane.
body_en: If you consented, the platform counts how pages and exercises are used, to improve them. The results name nobody.
==========
template_version: 1
key: minors
position: 13
is_optional: false
title_ro: Minori și persoane reprezentate
title_en: Minors and represented persons
body_ro: Pentru o persoană sub 18 ani decide despre tratament părintele sau reprezentantul legal. Un cont propriu se poate face de la 16 ani; până atunci folosește contul reprezentantul. Vârstele sunt în curs de confirmare de către consilierul juridic.
body_en: For a person under 18 a parent or legal representative decides about treatment. An account of one''s own can be made from 16; until then the representative uses theirs. These ages await confirmation by counsel.
==========
template_version: 1
key: storage
position: 14
is_optional: false
title_ro: Cât timp le păstrăm
title_en: How long we keep them
body_ro: Fișa medicală și documentele contabile se păstrează cât cere legea; celelalte date, cât este nevoie pentru scopul lor, apoi se șterg sau se anonimizează. Termenele exacte sunt afișate la recepție și sunt în curs de confirmare de către consilierul juridic.
body_en: The medical record and accounting documents are kept for as long as the law requires; other data for as long as their purpose needs, and are then erased or made anonymous. The exact periods are displayed at the front desk and await confirmation by counsel.
==========
template_version: 1
key: automated_decisions
position: 15
is_optional: false
title_ro: Decizii automate
title_en: Automated decisions
body_ro: Nicio decizie despre tratamentul dumneavoastră nu este luată numai de un program. Scorurile și măsurătorile sunt informații pentru specialist.
body_en: No decision about your treatment is taken by a program alone. Scores and measurements are information for the specialist.
==========
template_version: 1
key: rights
position: 16
is_optional: false
title_ro: Drepturile dumneavoastră
title_en: Your rights
body_ro: Puteți cere accesul la date și o copie, corectarea, ștergerea unde legea o permite, restricționarea și portabilitatea lor și vă puteți opune prelucrării întemeiate pe interesul legitim. Un acord se retrage oricând, la fel de ușor cum a fost dat; ce s-a făcut până atunci rămâne legal. Răspundem în cel mult o lună. Cererile se fac din cont, la recepție sau la adresa de mai sus.
body_en: You may ask for access and a copy, for correction, for erasure where the law allows it, for restriction and portability, and may object to processing that rests on legitimate interest. A consent is withdrawn at any time, as easily as it was given; what was done until then stays lawful. We answer within one month. Ask in your account, at the front desk or at the address above.
==========
template_version: 1
key: complaint
position: 17
is_optional: false
title_ro: Plângeri
title_en: Complaints
body_ro: Dacă socotiți că am greșit, vă rugăm să ne spuneți întâi nouă. Puteți oricând să vă adresați Autorității Naționale de Supraveghere a Prelucrării Datelor cu Caracter Personal (ANSPDCP), www.dataprotection.ro, sau instanței.
body_en: If you think that we were wrong, please tell us first. You may at any time turn to the Romanian supervisory authority (ANSPDCP), www.dataprotection.ro, or to a court.
==========
template_version: 1
key: changes
position: 18
is_optional: false
title_ro: Schimbări
title_en: Changes
body_ro: Când se schimbă ceva important, publicăm o versiune nouă și vă anunțăm. Versiunile de dinainte rămân la dispoziția dumneavoastră.
body_en: When something important changes, we publish a new version and tell you. Earlier versions stay available to you.
');
