-- What text in documents is bound to. A field of a collection is named item.<field> where its rows are gone through. DOC-01.

select app_private.own_rows('app_private.document_fields', rows => '
code: appointment.ends_at
kinds: {report,prescription}
type: instant
label_ro: Sfârșitul programării
label_en: End of the appointment
sample: "2026-11-24T11:50:00+02:00"
==========
code: appointment.price
kinds: {report,prescription}
type: money
label_ro: Prețul
label_en: Price
sample: {"amount": 18000, "currency": "RON"}
==========
code: appointment.service
kinds: {report,prescription}
type: text
label_ro: Serviciul
label_en: Service
sample: "Kinetoterapie individuală"
==========
code: appointment.starts_at
kinds: {report,prescription}
type: instant
label_ro: Începutul programării
label_en: Start of the appointment
sample: "2026-11-24T11:00:00+02:00"
==========
code: clinic.address
kinds: {report,prescription,form,letterhead,footer,signature}
type: text
label_ro: Adresa clinicii
label_en: Address of the clinic
sample: "Str. Observatorului 12, Cluj-Napoca"
==========
code: clinic.email
kinds: {report,prescription,form,letterhead,footer,signature}
type: text
label_ro: E-mailul clinicii
label_en: E-mail of the clinic
sample: "contact@atlas.test"
==========
code: clinic.name
kinds: {report,prescription,form,letterhead,footer,signature}
type: text
label_ro: Numele clinicii
label_en: Name of the clinic
sample: "Clinica Atlas"
==========
code: clinic.phone
kinds: {report,prescription,form,letterhead,footer,signature}
type: text
label_ro: Telefonul clinicii
label_en: Telephone of the clinic
sample: "+40364123456"
==========
code: document.issued_at
kinds: {report,prescription,form,letterhead,footer,signature}
type: instant
label_ro: Data emiterii
label_en: Date of issue
sample: "2026-11-24T14:40:00+02:00"
==========
code: document.number
kinds: {report,prescription,form,letterhead,footer,signature}
type: text
label_ro: Numărul documentului
label_en: Number of the document
sample: "2026/17"
==========
code: document.title
kinds: {report,prescription,form,letterhead,footer,signature}
type: text
label_ro: Titlul documentului
label_en: Title of the document
sample: "Fișă de kinetoterapie"
==========
code: form.intent
kinds: {form}
type: long_text
label_ro: Declarația semnatarului
label_en: What the signer declares
sample: "Am citit și sunt de acord."
==========
code: form.intro
kinds: {form}
type: long_text
label_ro: Introducerea formularului
label_en: Introduction of the form
sample: "Citiți înainte de a semna."
==========
code: form.signed_at
kinds: {form}
type: instant
label_ro: Data semnării
label_en: Date of the signature
sample: "2026-11-20T10:15:30+02:00"
==========
code: form.signer_name
kinds: {form}
type: text
label_ro: Numele semnatarului
label_en: Name of the signer
sample: "Ștefania Mureșan"
==========
code: form.title
kinds: {form}
type: text
label_ro: Titlul formularului
label_en: Title of the form
sample: "Acord pentru tratament"
==========
code: page.count
kinds: {report,prescription,form,letterhead,footer,signature}
type: number
label_ro: Numărul de pagini
label_en: Number of pages
sample: 1
==========
code: page.number
kinds: {report,prescription,form,letterhead,footer,signature}
type: number
label_ro: Pagina
label_en: Page
sample: 1
==========
code: patient.birth_date
kinds: {report,prescription,form,letterhead,footer,signature}
type: date
label_ro: Data nașterii
label_en: Date of birth
sample: "1984-03-17"
==========
code: patient.email
kinds: {report,prescription,form}
type: text
label_ro: E-mailul pacientului
label_en: E-mail of the patient
sample: "stefania@example.test"
==========
code: patient.family_name
kinds: {report,prescription,form,letterhead,footer,signature}
type: text
label_ro: Numele de familie al pacientului
label_en: Family name of the patient
sample: "Mureșan"
==========
code: patient.given_name
kinds: {report,prescription,form,letterhead,footer,signature}
type: text
label_ro: Prenumele pacientului
label_en: Given name of the patient
sample: "Ștefania"
==========
code: patient.name
kinds: {report,prescription,form,letterhead,footer,signature}
type: text
label_ro: Numele pacientului
label_en: Name of the patient
sample: "Ștefania Mureșan"
==========
code: patient.phone
kinds: {report,prescription,form}
type: text
label_ro: Telefonul pacientului
label_en: Telephone of the patient
sample: "+40722000111"
==========
code: sessions
kinds: {report,prescription}
type: collection
label_ro: Ședințele făcute până atunci
label_en: Sessions done until then
==========
code: sessions.service
collection: sessions
kinds: {report,prescription}
type: text
label_ro: Serviciul ședinței
label_en: Service of the session
sample: "Kinetoterapie individuală"
==========
code: sessions.specialist
collection: sessions
kinds: {report,prescription}
type: text
label_ro: Specialistul ședinței
label_en: Specialist of the session
sample: "Dr. Ioana Țuțuianu"
==========
code: sessions.starts_at
collection: sessions
kinds: {report,prescription}
type: instant
label_ro: Data ședinței
label_en: Date of the session
sample: "2026-11-17T11:00:00+02:00"
==========
code: specialist.name
kinds: {report,prescription,signature}
type: text
label_ro: Numele specialistului
label_en: Name of the specialist
sample: "Dr. Ioana Țuțuianu"
==========
code: specialist.registration_number
kinds: {report,prescription,signature}
type: text
label_ro: Codul de parafă
label_en: Registration number
sample: "123456"
==========
code: specialist.title
kinds: {report,prescription,signature}
type: text
label_ro: Titlul specialistului
label_en: Title of the specialist
sample: "Dr."
');
