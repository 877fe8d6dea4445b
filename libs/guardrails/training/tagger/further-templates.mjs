/** Still further frames: everyday sentences, questions, news, orders and records. */
export const FURTHER_TEMPLATES = `
{CITY}, {STATE} {ZIP}, {COUNTRY}
{CITY} {STATE} {ZIP}
{CITY} {ZIP}
{ZIP} {CITY}
{ZIP} {CITY}, {COUNTRY}
[zip|ZIP|Zip code|zip code]: {ZIP}, [city|town]: {CITY}
{FIRST};{LAST};{CITY};{COUNTRY};{EMAIL}
{ORG};{CITY};{COUNTRY}
{CITY};{STATE};{ZIP};{COUNTRY}
{NAME}, {FIRST}, {NAME} and {FIRST}
[The|Our|My|His|Her] [team|family|band|crew|group|class|committee|staff|board] [includes|consists of|is made up of|has] {FIRST}, {FIRST}, {FIRST} and {FIRST}.
[Between|With|Without|Except for|Thanks to|Like|Unlike] {FIRST} and {FIRST}[, nobody came| it was fun|, I know nobody in {CITY}].
[A car|A bus|The ambulance|A truck|The parade] [turned into|stopped on|drove down|came from|crossed] {STREET}[ in {CITY}| at {TIME}|].
[Her|His|Our|Their|The] [flat|house|shop|office|studio|school|garage] [on|in|off|at] {STREET} [burned down|was sold|is empty|costs {MONEY}][ in {DATE}|].
[Parking|Roadworks|Construction|Flooding|Traffic] on {STREET}[, {CITY}|] [until {DATE}|since {TIME}|is bad].
[The corner|The intersection|The junction] of {STREET} and {STREET}
{STREET} [and|&] {STREET}
{STREET}, {CITY}
{STREET}, {ZIP} {CITY}
[Exit|Stop|Bus stop|Station]: {STREET}
[I|We|They|She|He] [live|lives|stay|work|works] [on|at|in] {STREET}[, right next to {ORG}|].
[Come|Go|Move|Welcome] to {CITY}, {FIRST}!
[How far is|Do you know|Have you been to|I have never seen|Let's visit|Take me to] {PLACE}[?|.|!]
[Snow|Rain|Fog|Strikes|Elections] in {PLACE}[, {PLACE}|] and {PLACE} [this week|on {DATE}|again].
[The border between|The war between|Trade between|A match between] {COUNTRY} and {COUNTRY} [began|ended|closed] [in {DATE}|].
[The river|The mountain|The island|The bay|The airport|The harbour|The suburb] of {CITY}[, {COUNTRY},|] is [beautiful|closed|dirty].
[North|South|East|West] of {CITY}[, in {STATE}|] [lies|is] {CITY}.
[Made|Printed|Born|Grown|Lost|Found] in {COUNTRY}[, {DATE}|]
[visa|passport|embassy|flights|tickets] for {COUNTRY}
[born and raised in|proud to be from|now living in|based in|ex] {CITY}
[a|an] {NRP} [friend|colleague|doctor|priest|neighbour] [of {FIRST}|named {NAME}|from {CITY}]
[He speaks|She learns|Do you speak|Translate it into|Subtitles in|The text is in] {NRP}[.|?| and {NRP}.]
[Two|Three|Several|Some] {NRP} [tourists|soldiers|workers|journalists] [died|were found|arrived] in {CITY}[ on {DATE}|].
[I'm|I am|We are|They are|You are|She is|He is] {NRP}[.|, not {NRP}.| and proud.|, from {CITY}.]
[my religion is|i was raised|she became] {NRP}
[The|A|An] {NRP}-born {JOB} {NAME} [died|won a prize|moved to {CITY}] [in {DATE}|at {AGE}|].
[Nationality|Citizen of|Passport]: {NRP}; [Name]: {NAME}; [Born]: {DATE}
{TITLE} and {TITLE} {LAST}
{TITLE} {LAST}
{TITLE} {NAME}, {ORG}
{TITLED} [and|,] {TITLED} [agreed|met in {CITY}|signed the contract].
[Is|Was|Has] {TITLED} [in|available|there|married|the owner of {ORG}]?
[I saw|I met|I know|We visited|Talk to|Wait for|An appointment with|A letter from|A call from] {TITLED}[ at {ORG}| in {CITY}| on {DATE}|].
[yours|love|kisses|take care|see you],\\n{FIRST}
[Hi|Hello|Hey|Dear] {TITLE} {LAST}[,|!|.]
[Hi|Hello|Hey|Dear] {NAME}[,|!]\\n\\n{SENTENCE}.
[Hi|Hello] [team|all|everyone|there|support],\\n\\n{SENTENCE}.\\n\\n{NAME}
P.S. {FIRST} [says hi|sends her love|is in {CITY}].
[The author|The winner|The owner|The caller|The sender|The buyer|My contact|The new hire] is {NAME}[.| from {CITY}.| of {ORG}.]
[It was|It is|That was|This is] {NAME} [who called|speaking|on the phone|from {ORG}].
[Tell me|Do you know|Have you met|I remember|Nobody likes|We miss|Say hello to|Give it to|Ask] {FIRST}[.|?| {LAST}.]
[Why|When|How] did {FIRST} {LAST} [leave {ORG}|go to {CITY}|change the password]?
[According to|In the words of|A book by|A portrait of|A friend of|A fan of|In memory of|On behalf of] {NAME}[, {SENTENCE}|].
[account|profile|record|file|ticket] of {NAME}[, {EMAIL}|, born {DATE}|]
[cardholder|card holder|name on card]: {NAME}[, number {CARD}| / {CARD}|]
[card|cc|visa|amex]: {CARD} [exp|expires] 09/27 [zip|postcode] {ZIP}
[My|The] [visa|mastercard|amex|card] {CARD} [was stolen in {CITY}|does not work at {ORG}|expires next month].
[Transfer|Wire|Send|Pay] {MONEY} to {IBAN}[, {NAME}|, {ORG}|].
[SSN|Social security]: {SSN} [Name|name]: {NAME}
[ssn|social] {SSN}, [dob|born] {DATE}
[phone|cell|tel] {PHONE}, [email|mail] {EMAIL}, [name|contact] {NAME}
[Try|Call back|Missed call from|New voicemail from|Forward calls to|SMS to] {PHONE}[.| at {TIME}.|]
[If|When] {FIRST} [calls|is late|asks], [give him|give her|tell them] [my number,|the number] {PHONE}.
[Do you have|What is|I need] [the number of {ORG}|{FIRST}'s number]? [It is|Yes,] {PHONE}.
[I can't|I cannot|Can't] reach {PHONE}[, is {FIRST} there?|.]
[the|our] [site|page|portal|blog] {URL} [is down|was hacked|belongs to {ORG}|by {NAME}]
[ping|ssh|connect to|block|whitelist|traceroute] {IP}
[Blocked|Allowed|Denied] {IP} [at|on] {DATETIME}
[She|He|It|The shop|The bank] [opens|closes|starts|leaves|arrives] at {TIME}[ on {DATE}|].
[On|By|Before|After|Until|Since] {DATE}[,|] [we|they|you] [must|should|will] [pay {MONEY}|leave {CITY}|call {ORG}].
[They|We|I] [met|married|moved|graduated|retired] [on|in] {DATE}[ in {CITY}|].
[Today is|Yesterday was|It is] {DATE}[, {TIME}|].
[Invoice date|Delivery date|Departure|Check-in|Check-out]: {DATE}
[From|Between] {DATE} [to|until|and] {DATE}[, he lived in {CITY}|].
[Children|People|Men|Women|Drivers|Users] [over|under|aged|above|below] {AGE}[ in {COUNTRY}|] [pay less|are free|must register].
[I turned|He turned|She is turning|We are both|They were] {AGE} [today|last week|in {DATE}].
[at|by] {AGE}[,| years old,] {FIRST} [moved to {CITY}|joined {ORG}|had three children]
[my|her|his] {AGE}[-year-old|year old| year old] [son|daughter|dog|cat|mother] {FIRST}
[The] {AGE}-year-old [actor|teacher|driver|suspect|singer] [was found in {CITY}|lives on {STREET}|joined {ORG}].
[M|F|Male|Female], {AGE}, {CITY}
{NAME} ({AGE})
{NAME} ({AGE}), {JOB}, {CITY}
[I|We|They|She|He] [hate|love|trust|left|sued|joined|called|emailed|visited|own shares of] {ORG}[.|!| last year.| in {CITY}.]
[The app|The website|The phone line|The service|My account|My loan|My insurance] [of|from|at|with] {ORG} [is|was] [down|terrible|great|cancelled].
[a job|an interview|a course|an internship|a meeting|a loan|a degree] [at|with|from] {ORG}[ in {CITY}| on {DATE}|]
{ORG} [shares|stock|employees|lawyers|customers|drivers|nurses] [rose|complained|protested in {CITY}|went on strike].
[Both|Neither] {ORG} [and|nor] {ORG} [pay|pays] taxes in {COUNTRY}.
[Customer of|Supplier to|Subsidiary of|Division of|Owned by|Member of|Works for|Intern at] {ORG}
[Who|Which company] [owns|runs|founded] {ORG}? [I think|Maybe] {NAME}.
[The {CITY} branch|The {NRP} arm|The chairman|The website|The history] of {ORG} [is closed|was sold|burned].
{ORG}, {CITY}
{ORG} - {NAME}
{ORG}: {SENTENCE}
{ORG} Customer Service: [Hello|Hi] {FIRST}, [what is your zip?|how can we help?|is {PHONE} still right?]
[Order|Buy|Subscribe|Apply] now at {ORG}[, {STREET}|][, {CITY}|]!
[Deliveries|Letters|Complaints|Returns] [go to|to]: {ORG}, {ADDRESS}
[I|We] [want|would like|need] [it|this|them] [delivered|sent|shipped] to [my office at |my mother's, |the following address: |]{ADDRESS}[.| by {DATE}.]
[my|our] [new|old|summer|work] address[:| is|=] {ADDRESS}
[Where do you live?|What's your address?|And the address?] {ADDRESS}[.|, but I am moving.]
[Residence|Domicile|Registered office|Property|Venue|Where|Location]: {ADDRESS}
{FIRST} [lives|lived|is|grew up] [at|in] {ADDRESS}[.| with {FIRST}.]
[taxi|uber|pizza|flowers|ambulance] to {ADDRESS}[ please|, {PHONE}|]
[Is|Are] {ADDRESS} [near|far from|in] {CITY}?
[return address|sender|to]:\\n{NAME}\\n{ADDRESS}
{NAME}\\n{STREET}\\n{CITY}
{NAME}, {ADDRESS}, {PHONE}
{NAME}; {ADDRESS}; {EMAIL}
[Nom|Prénom et nom|Nombre|Nome|Naam|Navn|Imię i nazwisko|Vorname, Name]: {NAME}
[Adresse|Dirección|Indirizzo|Endereço|Adres|Anschrift|Osoite]: {ADDRESS}
[Ville|Ciudad|Città|Cidade|Stad|Ort|Miasto|By]: {CITY}
[J'ai rencontré|Je travaille avec|Bonjour|Merci|Cher|Chère] {NAME}[, à {CITY}| chez {ORG}|][.|!|,]
[Conocí a|Trabajo con|Hola|Gracias|Querido|Estimada] {NAME}[, en {CITY}| de {ORG}|][.|!|,]
[Ich arbeite mit|Hallo|Danke|Liebe|Lieber|Gestern kam] {NAME}[ aus {CITY}| von {ORG}|][.|!|,]
[Ho incontrato|Lavoro con|Ciao|Grazie|Caro|Cara] {NAME}[ a {CITY}| di {ORG}|][.|!|,]
[J'habite|Vivo|Ich wohne|Abito|Moro|Ik woon] [à|en|in|a|em] {CITY}[, {ADDRESS}|].
[Il|Elle|El|La|Er|Sie|Lei] [travaille chez|trabaja en|arbeitet bei|lavora per] {ORG}[ à {CITY}| en {CITY}| in {CITY}|].
[Payee|Recipient|Account holder|Sender|Member|Subscriber|Buyer|Seller|Witness|Guarantor|Heir|Speaker|Doctor|Nurse|Caretaker|Clerk] {NAME}[, {IBAN}|, {ORG}|, {PHONE}| ({CITY})|]
[Name of the account holder|Attending physician|Line manager|Next of kin|Project lead|Ordered by|Checked by|Written by]: {NAME}[\\n{DATE}|; {PHONE}|]
[Bank|Employer|Supplier|Carrier|Provider|Broker|Underwriter|Manufacturer|Landlord|Publisher|Sponsor|Agency|School|Contractor]: {ORG}[\\n[Phone|Contact]: {PHONE}|; [since|until]: {DATE}|]
[bank|supplier|carrier|insurer|client|vendor|firm|agency] {ORG}[, {CITY}| ({DATE})|]
[Can|Will|Did|Does|Should|Would|When will|Why did] {ORG} [pay|refund|answer|deliver|hire|open|call|close][ {NAME}| in {CITY}| before {DATE}|][?| me?]
{ORG} [owes|charged|ignored|promised|cheated|overbilled|called|sent|billed|fired|hired] [me|us|her|my father|{NAME}|{FIRST}][ {MONEY}| on {DATE}| again|][.|!]
[If|Because|Although|Until|Whenever] {ORG} [fails|refuses|calls|delivers|opens][ on {DATE}| in {CITY}|], [we|I] [leave|sue|complain|pay].
[She|He|They|We|My sister|Our tenant] [left|joined|quit|ran|sold|visited|robbed|praised|audited|supplies|owns] {ORG}[ yesterday| in {DATE}| and {ORG}| for {ORG}|][.|!]
[Goods|Cables|Wine|Paper|Timber|Tickets] [from|by|of] {ORG} and {ORG} [arrived|were late|reached {CITY}][ on {DATE}|].
[In front of|Behind|Next to|Opposite|Inside|Outside|Near] {ORG}[ in {CITY}| on {STREET}|] [there is a queue|he waited|we parked|it smells].
[Tested|Treated|Trained|Repaired|Printed|Seen|Registered] [at|by] {ORG}[, {CITY}|], {DATE}[, {NAME}|]
({ORG}) {NAME}, {CITY}
{NAME}\\n{ORG}\\n{ADDRESS}
[To|For|Attn.|Ship to:]\\n{TITLE} {NAME}\\n{ORG}\\n{ADDRESS}
{NAME}\\n{ADDRESS}
"{NAME}","{ADDRESS}","{PHONE}"
"{FIRST}","{LAST}","{STREET}","{CITY}","{ZIP}"
[Room|House|Studio|Garage|Office|Shop] [to let|for rent|for sale] [at|in|on] {ADDRESS}. [Ask for|Call|E-mail|Talk to] {FIRST}[, {PHONE}|].
[We are at|Come to|He lives alone at|Send it to|It is at] {ADDRESS}. {TITLED} [has the key|will open|knows].
[It was delivered|She waited|They met] [at|on|near] {STREET}. {FIRST} [was there|was late|paid].
[the house of|the flat of|the estate of] {NAME} [at|of|in] {ADDRESS} [was sold|is empty|burned down]
[My|The] [GPS|map|driver|postman] [knows|finds|suggested|shows] [only |]{STREET}[, not {STREET}|][.|?]
[try|ask|see|visit] {TITLE} {LAST} [on|in|at] {STREET}
* {TITLE} {LAST}, {AGE}\\n* {TITLE} {LAST}, {AGE}
<{FIRST}> [hello|who is in {CITY}?|{FIRST} where are you|ok {FIRST}|I work at {ORG}]\\n<{FIRST}> [here|{SENTENCE}|in {CITY}]
{FIRST}: [are you there|what's up|{SENTENCE}]?\\n{FIRST}: [ok|no|at {ORG}|on {STREET}]
[Done|Signed|Given|Sealed] [at|in] {CITY}[,| on| the] {DATE}[,| by] {NAME}[, {JOB}|]
[Article|Study|Talk|Thesis|Review] by {NAME}, {NAME} and {NAME}[, {ORG}| ({ORG})|]
[sofa|bike|dog|piano|fridge] in {CITY} {ZIP}[, {MONEY}|]. {FIRST} {PHONE}
[Her|His|My|Our] [father|mother|wife|teacher|priest|parents] [is|was|came as|were] {NRP}[; | and ][hers|mine|the other] [is|was] {NRP}.
[He|She] [has|carries|lost|shows] [a|an|the] {NRP} [passport|visa|driving licence|accent].
{NRP} [police|judge|doctors|officials|scientists|voters] [freed|found|met|arrested|blamed] {NAME}[ in {CITY}| on {DATE}|]
[He|She|{FIRST}|My brother|Our dog|The boy] is {AGE} [and|but|so he] [still|already|nearly] [works|sleeps|plays|retired].
[On your|For her|His] {AGE}th birthday[, {FIRST}|]
[Age|Age in years|Age on entry|Age group]: {AGE}
[the team of|a gift from|lunch with|no reply from] {ORG}
{DATE}, {TIME}[, {FIRST}|. {NAME}|]
[Driver|Courier|Guide|Host|Trainer]: {FIRST}. [Car|Room|Group]: {ORDER}. [Ends|Pick up] at: {ADDRESS}.
{SENTENCE}. [batch|ticket|case|file|lot|policy] {ORDER}, {NAME}
{SENTENCE}. {SENTENCE}.
{SENTENCE}: {NUM}, {NUM} and {NUM}.
[Call me maybe|Long story short|To be honest|By the way|In my opinion|Good question|No idea], {SENTENCE}.
[Item|Line|Part|Model|Room|Chapter|Section|Route|Bus|Flight] {NUM}: {SENTENCE}
`
  .trim()
  .split('\n')
  .map((line) => line.trim().replaceAll('\\n', '\n'))
  .filter((line) => line !== '');
