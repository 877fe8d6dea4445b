/**
 * Frames that measure the finders and the tagger on kinds of text that none of the training frames imitates: letters of complaint,
 * chats, forms, headlines, speeches, records, addresses over several lines. Nothing is ever trained on them.
 */
export const PROBE_FRAMES = `
I am appalled at the way your branch in {CITY} treated my mother, {TITLE} {NAME}, on {DATE}. I expect a written apology sent to {ADDRESS}.
This is the third time I write to {ORG} about the same thing. Nobody by the name of {NAME} has ever lived at {ADDRESS}!
Unless {ORG} refunds {MONEY} to card {CARD} by {DATE}, our solicitor {TITLE} {LAST} will be instructed.
Your engineer, a certain {NAME}, left our house on {STREET} without closing the gate.
Please stop phoning {PHONE}; that line belongs to my neighbour {FIRST}.
The courier claims he left it with someone called {FIRST} at number {NUM}, but nobody here has that name.
Reference my e-mail of {DATE} from {EMAIL}: I still have not heard back from {NAME}.
Ladies and gentlemen, it is a great honour to introduce {NAME}, who has come all the way from {CITY} tonight.
Friends, when {FIRST} and I founded {ORG} in {CITY} we had one desk and no heating.
Let us raise our glasses to {FIRST} and {FIRST}, may your years in {COUNTRY} be happy ones!
Minutes. Chair: {NAME}. Apologies: {NAME}, {NAME}. The treasurer reported that {ORG} had paid.
{UPPERNAME} QUITS {UPPERORG} AFTER ROW
{CITY} mourns {NAME}, beloved baker, dead at {AGE}
{ORG} to close {CITY} plant, {NUM} jobs at risk
{NRP} court frees {NAME} after appeal
Fire on {STREET} leaves two homeless, says {ORG}
Surname: {LAST}\\nForename(s): {FIRST}\\nHouse and street: {STREETLINE}\\nTown: {CITY}\\nPost code: {ZIP}\\nDaytime telephone: {PHONE}
Applicant: {LASTFIRST}\\nNationality: {NRP}\\nAge at last birthday: {AGE}\\nEmployer: {ORG}
Guest name {NAME} | Arrival {DATE} | Departure {DATE} | Card {CARD}
Contact person - {NAME} - {PHONE} - {EMAIL}
Insured party: {LASTFIRST}; Insurer: {ORG}; Incident date: {DATE}; Place of incident: {CITY}
Beneficiary {NAME}, IBAN {IBAN}, bank {ORG}
Holder: {NAME}\\nNo.: {CARD}\\nValid thru 11/28
Remittance to {IBAN} ({ORG})
SSN on file: {SSN}. Name on file: {NAME}. DOB on file: {DATE}.
Driver's license {DL}, state {STATE}, exp. {DATE}
Host {IP} belongs to {ORG}, maintained by {EMAIL}
Someone logged in to your account from {IP} near {CITY}, {COUNTRY} at {TIME}.
We scraped {URL} on {DATE} and found the name {NAME} twice.
hey its {LOWERFIRST}, r u still in {LOWERCITY}? my new nr is {PHONE}
lol {LOWERFIRST} just quit {LOWERORG} and moved to {LOWERCITY}
can u send the stuff to {LOWERADDRESS} pls
yo {LOWERNAME} here, u can mail me at {EMAIL}
{FIRST}: u coming?\\n{FIRST}: yes, leaving {ORG} now\\n{FIRST}: k, parking on {STREET}
<{FIRST}> does anyone know a dentist in {CITY}?\\n<{FIRST}> try {TITLE} {LAST} on {STREET}
{NAME}\\n{MULTILINE}
To\\n{TITLE} {NAME}\\n{ORG}\\n{MULTILINE}
c/o {NAME}, {ADDRESS}
Kindly redirect all my post from {ADDRESS} to {ADDRESS} with effect from {DATE}.
Our new showroom, {ADDRESS}, opens on {DATE}.
The removal van comes to {ADDRESS} at {TIME}, then drives on to {CITY}.
Where exactly is {ADDRESS}? My satnav only knows {STREET}.
The deed concerns the property known as {ADDRESS}, owned jointly by {NAME} and {NAME}.
She used to rent a room over a bakery on {STREET}, {CITY}.
Meet you outside the cinema on {STREET} around {TIME}?
We drove past {STREET} and stopped for lunch in {CITY}.
My late husband, {NAME}, banked with {ORG} for forty years.
When {TITLE} {LAST} retired, {ORG} gave her a clock.
Could {TITLE} {LAST} or {TITLE} {LAST} look at this before {DATE}?
{INITIALNAME} signed for the parcel on {DATE} at {TIME}.
Letter from {INITIALNAME} to {INITIALNAME}, dated {DATE}
Paper by {INITIALNAME}, {INITIALNAME} and {INITIALNAME}, {ORG}
{LASTFIRST} ({AGE}), {JOB}, of {CITY}
I turned {AGE} last week and {FIRST} baked me a cake.
Our youngest, {FIRST}, is {AGE} and already speaks {NRP}.
Born to {NRP} parents in {CITY}, {NAME} trained as a {JOB} at {ORG}.
A {AGE}-year-old {NRP} {JOB} was rescued near {CITY} on {DATE}.
He is {AGE} years of age and holds a {NRP} passport.
My grandmother was {NRP}; my grandfather came from {COUNTRY}.
It took {NRP} and {NRP} negotiators until {TIME} to agree.
The last train from {CITY} to {CITY} leaves at {TIME}.
{COUNTRY} beat {COUNTRY} on penalties in {CITY}.
In {DATE} the family fled {COUNTRY} and settled in {STATE}.
The warehouse outside {CITY} ({COUNTRY}) supplies {ORG} and {ORG}.
I have an interview with {ORG} tomorrow, wish me luck!
{ORG} never answers. {ORG} answered within the hour.
Has {ORG} paid invoice {ORDER} yet? {FIRST} says no.
My pension is with {ORG} and my mortgage with {ORG}.
The merger of {ORG} with {ORG} was approved on {DATE}.
After nine years at {ORG}, {FIRST} became a {JOB} in {CITY}.
Ring the surgery on {PHONE} and ask for {TITLE} {LAST}.
Fax: {PHONE}. Voice: {PHONE}. Post: {ADDRESS}.
Leave a message at {PHONE}, {FIRST} checks it every evening.
Two missed calls: {PHONE} at {TIME}, {PHONE} at {TIME}.
WhatsApp me on {PHONE} when you reach {CITY}.
Out of office until {DATE}. For urgent matters write to {EMAIL} or phone {PHONE}.
Your one-time login for {URL} was used from {IP}.
Delivery slot: {DATE}, {TIME}. Driver: {FIRST}. Drop at: {ADDRESS}.
Ticket {ORDER} opened by {NAME} ({EMAIL}) on {DATE}
The zip is {ZIP}, the town is {CITY}.
Which zip? {ZIP}. Which state? {STATE}.
Parcel stuck in depot {ZIP} {CITY} since {DATE}.
{CITY} {ZIP}, attention {NAME}
In the matter of {LAST} against {ORG}, the court sitting at {CITY} heard {NAME} on {DATE}.
Recipe from {FIRST}'s kitchen: two eggs, a cup of flour, and patience.
{FIRST}'s bike was stolen behind {ORG} between {TIME} and {TIME}.
Obituary. {NAME}, {AGE}, passed away in {CITY} on {DATE}, leaving a wife, {FIRST}, and a son, {FIRST}.
Discharge note: {TITLE} {NAME}, {AGE} y/o, lives alone at {ADDRESS}. GP {TITLE} {LAST}, tel {PHONE}.
Vaccinated {DATE} at {ORG}, batch {ORDER}, nurse {INITIALNAME}.
Bank account number {ACCOUNT} at {ORG} was closed on {DATE}.
Please debit account {ACCOUNT}, name of holder {NAME}.
Dear neighbours, on {DATE} at {TIME} we celebrate {FIRST}'s birthday. If it gets loud, call {PHONE}. Yours, {NAME}, {STREETLINE}
Wanted: flatmate for {ADDRESS}. Contact {FIRST}, {PHONE}.
For sale: sofa, good condition, pick up in {CITY} {ZIP}. {FIRST} {PHONE}
Scholarship awarded to {NAME} of {ORG}, {CITY}, {COUNTRY}.
{NAME} - {ORG} - {CITY} - {EMAIL}
"{NAME}","{STREETLINE}","{CITY}","{ZIP}","{PHONE}"
{LAST}\\t{FIRST}\\t{CITY}\\t{DATE}\\t{EMAIL}
owner: {NAME} / phone: {PHONE} / site: {URL}
{EMAIL}, {PHONE}, {URL}
- {TITLE} {LAST}, {AGE}\\n- {TITLE} {LAST}, {AGE}
The will names {NAME} of {ADDRESS} as sole executor.
Thanks a million, {FIRST}! Give my love to {FIRST} and the kids. - {FIRST}
Yours faithfully\\n\\n{NAME}\\n{ADDRESS}\\n{EMAIL}
Signed at {CITY}, this {DATE}, by {NAME}, {JOB}.
Our pastor, {NAME}, grew up in {STATE} and studied at {ORG}.
Happy {AGE}th, {FIRST}!
The quote "less is more" is wrongly given to {NAME}.
Is it true that {NAME} left {COUNTRY} because of {NAME}?
I would have voted for {LAST}, not {LAST}.
Nobody told {LAST} that the office in {CITY} had moved to {ADDRESS}.
What did {NAME} study?
where can i find {LOWERORG} in {LOWERCITY}
does {LOWERNAME} still work for you
`
  .trim()
  .split('\n')
  .map((line) => line.replaceAll('\\n', '\n').replaceAll('\\t', '\t'));
