/** Further frames: records, forms, letters, chats and notes, line by line. */
export const MORE_TEMPLATES = `
{NAME}\\n{ADDRESS}
{NAME}\\n{ORG}\\n{ADDRESS}
{ORG}\\n{ADDRESS}\\n[Tel|Phone|T]: {PHONE}\\n{URL}
{TITLED}\\n{ADDRESS}\\n\\nDear {TITLED},
{ADDRESS}\\n\\n{DATE}\\n\\nDear {FIRST},\\n\\n{SENTENCE}.\\n\\nYours,\\n{NAME}
{ORG}\\n{CITY}, {DATE}\\n\\n[To|Attn]: {NAME}\\nRe: [account|claim|order] {ORDER}
{NAME} - {JOB}\\n{ORG} - {CITY}, {COUNTRY}\\n{EMAIL}
{NAME} | {PHONE} | {EMAIL} | {CITY}
{NAME}\\t{AGE}\\t{CITY}\\t{COUNTRY}
{LAST}\\t{FIRST}\\t{DATE}\\t{ZIP}
"{NAME}","{ADDRESS}","{CITY}","{PHONE}"
{LAST};{FIRST};{DATE};{CITY};{ORG}
{NAME},{AGE},{NRP},{JOB}
[Patient|Client|Guest|Member] name: {NAME}\\n[Sex|Gender]: [M|F]\\n[Age|AGE]: {AGE}\\n[Address|Residence]: {ADDRESS}
[Contact|Contact person|Account manager|Beneficiary|Payee|Sender|Recipient|Owner|Author|Reporter|Assignee|Manager|Supervisor]: {NAME}
[Company|Employer|Organisation|Organization|Institution|School|Bank|Vendor|Supplier|Client]: {ORG}
[City|Town|Location|Place of birth|Birthplace|Destination|Origin|Region]: {CITY}
[Country|Country of residence|Nationality|Citizenship]: [{COUNTRY}|{NRP}]
[State|Province|County]: {STATE}
[Nationality|Ethnicity|Religion|Citizenship]: {NRP}
[Title|Salutation|Prefix]: {TITLE}
[Age]: {AGE}
[Street|Street name|Road]: {STREET}
[Address line 1|Street address|Delivery address|Home address|Office]: {ADDRESS}
[Date|Due date|Date of birth|Start date|Hired|Expires|Valid until|Issued]: {DATE}
[Username|User|Login]: {USER}
[Phone|Cell|Fax|Work phone|Home phone|Emergency number|WhatsApp|Contact no.]: {PHONE}
[Call|Text|Ring|Phone|Dial] {PHONE} [and ask for {FIRST}|after {TIME}|if you see {NAME}][.|]
[Her|His|Their|The office] number [used to be|is now|is|was] {PHONE}[, I think.|.]
[I lost|I forgot|Somebody stole] my [phone|wallet|passport|card] [in {CITY}|at {ORG}|on {STREET}][, my number is {PHONE}|, the card was {CARD}|].
[He|She|It] [answered|rang] from {PHONE} [in {CITY}|yesterday at {TIME}].
[Room|Seat|Gate|Chapter|Page|Figure|Table|Line|Step|Version|Platform] {NUM} [is|was] [closed|empty|wrong|fine][.| since {TIME}.]
[We have|There are|I counted|They sold] {NUM} [apples|users|files|tickets|people] [in stock|in {CITY}|on {DATE}|at {ORG}].
[The price|The fee|The total] [is|was] {MONEY} for {NUM} [nights|items|seats][ at {ORG}|].
[Order|Ticket|Case|Invoice|Policy|Claim] [number |no. |#|]{ORDER} [was|is] [assigned to {NAME}|closed|delayed|cancelled by {ORG}].
{FIRST} and {FIRST} [are|were] [both|only] {AGE} [years old|when they met in {CITY}].
{FIRST}, {FIRST}, {FIRST} and {NAME} [went|are going|drove] to {PLACE}[.| for {FIRST}'s birthday.]
{FIRST}'s [mother|father|sister|boss|teacher|doctor] [is {NRP}|lives in {CITY}|works for {ORG}|is called {NAME}].
[I think|I believe|They say|Apparently|Maybe|Yes,|No,|Well,|So] {NAME} [is|was] [in {CITY}|right|wrong|with {ORG}|{NRP}|{AGE}].
[Did|Has|Will|Does|Can] {FIRST} [call|visited|move to|like|find] [you|{CITY}|{NAME}|{ORG}][ yet|]?
[Where|How|What|When|Why] [did|does|is|was] {NAME} [go|live|doing|at {ORG}|in {CITY}]?
[She|He] [married|divorced|hired|fired|sued|kissed|called|saw|met] {NAME} [in {CITY}|in {DATE}|at {ORG}|last week].
[My|Our|His|Her|Their] [brother|sister|son|daughter|uncle|aunt|cousin|teacher|doctor|lawyer|landlord|manager], {NAME}, [is|was] [from {PLACE}|at {ORG}|born in {DATE}|{AGE}].
[Ladies and gentlemen|Everyone|Please welcome], {TITLED} [of|from] {ORG}!
[Signed|Approved|Submitted|Written|Edited|Translated|Photographed|Directed|Designed] by {NAME}[, {JOB}|, {ORG}|, {DATE}|]
[For|With|To|From|By|About] {NAME}[, {CITY}| of {ORG}|]
[Happy birthday|Congratulations|Welcome|Goodbye|Sorry|Get well soon|Good night|Well done], {FIRST}[!|, and say hi to {FIRST}!]
[Good morning|Good evening|Greetings|Hello] {TITLED}, [your order|your table|your room|your visa] [is ready|was confirmed by {ORG}].
[yes|no|ok|hmm], it's {NAME}, {STREET}, {CITY}
[it is|that's|its] {PHONE}[ and the zip is {ZIP}|]
[i'm|im|i am] {FIRST} from {CITY}[, {AGE}| and i work at {ORG}]
[Born|Raised|Educated] in {CITY}, [{STATE}|{COUNTRY}], {NAME} [moved to|studied in|died in] {CITY} [in {DATE}|at {AGE}].
[After|Before|While] [leaving|joining|working at] {ORG}, {NAME} [founded|ran|led|sold] {ORG}.
[He|She|{NAME}] [holds|has] {NRP} [citizenship|nationality|roots|parents][ and lives in {COUNTRY}|].
[Most|Many|Some|All|Few] {NRP} [people|voters|students|families|restaurants] [in {CITY} |][prefer|avoid|support] {ORG}.
[The] {NRP} [embassy|consulate|church|community centre|school] [is|was] [at|on] {STREET}[, {CITY}|].
[Her|His] [mother tongue|accent|passport|wife|dog] is {NRP}.
[From|Between] {CITY} [to|and] {CITY} it [takes|is] {NUM} [hours|miles|km].
[It rained|It snowed|The election was held|The war ended] in {PLACE} [in {DATE}|on {DATE}|yesterday].
[Welcome to|Greetings from|Postcard from|Back in|Leaving|I love] {CITY}[, {COUNTRY}|][!|.]
[Flights|Trains|Buses] to {CITY}, {CITY} and {CITY} [are|were] cancelled [on {DATE}|until {TIME}].
{CITY}, {COUNTRY}
{CITY} ({COUNTRY})
{CITY}, {STATE}, {COUNTRY}
[CITY|Place]: {CITY} / [ZIP|Postcode]: {ZIP} / [STATE|Region]: {STATE}
[{CITY}|{COUNTRY}] -- [{ORG}|{NAME}] [said|announced] [on {DATE}|today] [that profits fell|a merger with {ORG}].
[Turn|Go|Drive|Walk] [left|right|straight|down|along|up] [at|on|past] {STREET}[ until you see {ORG}|].
[Between|Near|Off|Behind|At the corner of] {STREET} and {STREET}[ in {CITY}|].
[There's|There is] a [leak|party|fire|cat] [at|on|in front of] {ADDRESS}[!|.]
[Pick up|Drop off|Meet me|Deliver|Send a taxi] [at|to] {ADDRESS} [at {TIME}|tomorrow|for {FIRST}][.|]
[We|They] [rent|bought|sold|own|visited] [a house|an apartment|an office] [at|on] {STREET}[ in {CITY}| from {NAME}|].
[The witness|The suspect|The victim|The driver], [a {NRP} {JOB}|{NAME}|{AGE}-year-old {NAME}], [lives|was found|was seen] [at|on|near] {STREET}.
[Invoice to|Sold to|Deliver to|Remit to|Pay to the order of]:\\n{NAME}\\n{ADDRESS}\\n
[Billing|Shipping] [address|details]:\\n{NAME}\\n{ADDRESS}\\n{COUNTRY}
[Order|Receipt] {ORDER}\\n{DATE} {TIME}\\n{ORG}\\n{ADDRESS}\\nTotal {MONEY}
[Please|Kindly] [confirm|verify] [that|if] {ADDRESS} is [still |]your [current |]address[.|, {FIRST}.]
[Can|Could] [you|someone] [come|drive] to {ADDRESS}[?| by {TIME}?]
[We're|We are|They are] [hiring|looking for] a {JOB} at {ORG} in {CITY}[, {STATE}|].
[I|We] [work|worked|interned|applied|started] [at|for|with] {ORG} [in {DATE}|for {NUM} years|as a {JOB}|in {CITY}].
[My|Our] [bank|insurer|employer|school|landlord|provider] [is|was] {ORG}[, {CITY} branch|].
[Is|Was] {ORG} [a {NRP} company|based in {CITY}|hiring|closed on {DATE}|any good]?
[The|A] [spokesman|lawyer|CEO|manager|founder] [of|for|at] {ORG}, {NAME}, [said|denied|declined to comment].
[Contact|E-mail|Sue|Trust|Ask|Join|Call] {ORG} [about|for] [a refund|your bill|the job]{SPACE}[in {CITY}|at {PHONE}|].
{ORG} [and|or|versus|,] {ORG} [merged|agreed|lost] [in {DATE}|in {CITY}|].
{ORG} ([{CITY}|{COUNTRY}])
[sponsored by|powered by|a project of|member of|graduate of|alumni of] {ORG}
[Since|In|During|Until|Around] {DATE} [we|I|the company|nobody] [lived|worked|was] [in|at] [{CITY}|{ORG}].
[The|This] [warranty|contract|visa|lease|card] [expires|ends|starts|began] on {DATE}[ at {TIME}|].
[See you|Let us meet|Call me|Dinner] [on {DATE} at {TIME}|at {TIME}|on {DATE}][, {FIRST}|][.|!]
[Logged|Created|Modified|Posted|Received] {DATETIME} by {USER}
[follow|dm|message] @{USER} [on {ORG}|for details]
[{USER}|{NAME}] <{EMAIL}> wrote [on {DATE} at {TIME}|]:
{DATE} {TIME} - {NAME}: [{SENTENCE}|see you at {ORG}|I am in {CITY}]
[{TIME}] <{USER}> [hi {FIRST}|anyone in {CITY}?|who works for {ORG}]
[Q|Question]: [Who|Where] is {NAME}?\\n[A|Answer]: [In {CITY}|At {ORG}|{NAME} is {NRP}].
[Dx|Hx|Plan|Assessment]: {SENTENCE}. [F/u|Follow up] with {TITLED} on {DATE}.
[Pt|Patient] is a {AGE} y/o [male|female|man|woman][, {NRP},|] [seen at|transferred from] {ORG}.
[a|the] {AGE} year old [man|woman|boy|girl] [named {NAME} |][from {CITY}|was found on {STREET}|].
[aged|age] {AGE}[, of {CITY}|], {NAME} [won|lost|ran]
[Officer|Detective|Agent|Nurse|Inspector|Sergeant] {LAST} [found|saw|interviewed] {NAME} [at|near] {ADDRESS}[ on {DATE}|].
[Case|Matter] of {NAME} [v.|versus|against] {ORG}[, {CITY}|]
[The estate|The house|The will|The daughter|The murder] of {NAME} [in {CITY} |][was sold|was read]
[Starring|Featuring|Written by|Music by] {NAME}, {NAME} and {NAME}
{NAME} ({DATE}) - {JOB}
{NAME} / {ORG} / {CITY}
{NAME} at {ORG}
{NAME} from {CITY}
{NAME}, {ORG}
{NAME}, {JOB} [at|of|for] {ORG}
{NAME} <{EMAIL}>, {NAME} <{EMAIL}>
* {NAME}\\n* {NAME}\\n* {ORG}
{FIRST} [loves|hates|misses|knows|remembers] {FIRST}[.|!]
{SENTENCE}. {NAME} [agreed|laughed|nodded|left for {CITY}]. {SENTENCE}.
{SENTENCE}, {FIRST}.
{FIRST}, {SENTENCE}
[Thanks|Thank you], {NAME}
Sent from my [phone|tablet]\\n{NAME}\\n{ADDRESS}\\n{PHONE}
[Meine Adresse ist|Ich wohne in|Mein Name ist] [{ADDRESS}|{CITY}|{NAME}].
[Je m'appelle|J'habite à|Mon adresse est] [{NAME}|{CITY}|{ADDRESS}].
[Me llamo|Vivo en|Mi dirección es|Soy de] [{NAME}|{CITY}|{ADDRESS}|{COUNTRY}].
[Mi chiamo|Abito a|Il mio indirizzo è] [{NAME}|{CITY}|{ADDRESS}].
[Ik heet|Ik woon in|Mijn adres is] [{NAME}|{CITY}|{ADDRESS}].
[Meu nome é|Moro em|Meu endereço é] [{NAME}|{CITY}|{ADDRESS}].
[Sehr geehrter|Sehr geehrte] {TITLED}, [vielen Dank für Ihre Bestellung|anbei erhalten Sie die Rechnung].
`
  .trim()
  .split('\n')
  .map((line) =>
    line.trim().replaceAll('\\n', '\n').replaceAll('\\t', '\t').replaceAll('{SPACE}', ' '),
  )
  .filter((line) => line !== '');
