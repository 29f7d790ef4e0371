/**
 * What ordinary text is made of: the commonest English words, commonest first, counted over the Brown corpus and the
 * readmes of a thousand packages. A word's place tells its information (Zipf 1935), so stock phrases weigh little.
 */
const COMMON =
  'the of and to a in that is for it was he with as on be this by his not at or from are i an but had you have ' +
  'which they all one if were will when there can has more we would no their her so she been only its out other him ' +
  'up into than any what about them these like time some who new do use may then first also two said could see your ' +
  'such used usage our should before get most after over now each even using where well example how way install ' +
  'must through my make made same many just type both set here while without work me back support man because those ' +
  'much number package object being between does default under function need returns own long still state run very ' +
  'string did want years down last options too since following version instead module available value another code ' +
  'against good note file people called however installation found part return given us always source might never ' +
  'name open three every little end whether information world know different old mr take once order few above ' +
  'values right off case year line array provided data method during small day high files single men go great based ' +
  'life option useful possible property next place around per non come either supported library again including ' +
  'types something full add system list help call find please uses read error states provide second pass command ' +
  'why done change less free level properties until came point contains better functions within general current ' +
  'methods related returned rather means result dependencies left check american process examples public specific ' +
  'house himself below otherwise best development argument true side additional class home nothing already instance ' +
  'passed build objects documentation don yet create project tests features program custom things present re output ' +
  'become important look put works test cannot running say though form path upon enough large required directly ' +
  'itself later mrs sure simple thought multiple start several hand allows cases allow supports behavior times went ' +
  'provides written school input think got show added via course almost changes least kind action standard war give ' +
  'image whole dont across special strings making away common fact united certain group going let browser far ' +
  'performance field details created include service anything security keep often water environment names character ' +
  'ever key setting thus head thing four known along asked included except needed similar event working simply days ' +
  'fast issues having longer basic control took built white business big etc government range specified half night ' +
  'others size shall started issue optional told real table city eyes arguments social local automatically room ' +
  'format complete president implementation early user child problem children results didnt keys among defined face ' +
  'space inside conditions top particular knew major purpose application expected word style makes everything five ' +
  'errors report young parsing force although toward body calls mind windows lines community future versions ' +
  'national human john named match looked consider passing together promise due words original currently light ' +
  'takes members whose probably position try directory necessary felt power numbers reason building past saw ' +
  'section sense low church memory associated determine family short defaults calling core length needs able turn ' +
  'getting addition history parse description perhaps unless clear matter turned normal outside third avoid boolean ' +
  'limited taken area interest generated enable effect shown request main usually seemed subject wanted syntax ' +
  'various separate country close individual question downloads copyright variable hard really god internal stream ' +
  'regular contributing door law maintainers sometimes pattern require text problems characters existing began ' +
  'considered further language party themselves maintenance events quite none reading amount act company write ' +
  'ready modern empty remove person parser content period hands libraries web date york throw experience deal copy ' +
  'constructor operations entire week today ones moment color beginning disable users valid containing wish else ' +
  'self mean requests greater starting reference requires tell seen matching higher express helps gave browsers ' +
  'cause base miss seems behind interface plugin docs testing contain enabled giving front async buffer index feel ' +
  'handling follow situation compatible total rest doesn rate feet death cost designed policy continue utility ' +
  'actually looking recommended completely im love access car understand pretty money office modify held whom mode ' +
  'includes handle job immediately gets pull actions callback nor likely college page air safe runs difference ' +
  'import native ways surface applications packages specify tidelift production lot previous message leave ' +
  'therefore prevent accept subscription connection political modules age paths doing million systems removed play ' +
  'final improve taking operation exported parts escape ago disabled easy parameter century charge false streams ' +
  'server rules maximum direct red relative map shows according fine actual limit brought meaning persons ' +
  'regardless messages am explicitly yourself south became boy federal private lower seem easily followed accepts ' +
  'six learn economic near notice generate voice platform expression study heard west board context contents ' +
  'writing comes exists treated target kept dependency street view software compatibility increase parameters ' +
  'returning areas equivalent fire center soon services english union questions stop website ensure especially ' +
  'black approach yes references personal minutes extension step society unit classes court rights adding updated ' +
  'move initial sign recent status es alone flag configuration land professional strong ill developed tools idea ' +
  'wife claim script processes structure basis forms art says live items sort welcome root creates smaller tax ' +
  'client raw forward town allowed sets bit extend woman care girl department cut binary nature military matches ' +
  'feature fully received finally follows applied minimum projects changed notes book reduce plan warning th ' +
  'advanced mother music effort figure elements students exactly load reached store variables nations road export ' +
  'stage university costs post education sent integer convert beyond definitions believe trying sponsors neither ' +
  'debugging morning dr merge wait faster contract wide exact months member described stood licensed solution ' +
  'tested reasons begin quick save checking app fall apply pre sound answer deep site patterns ground living terms ' +
  'north configured parsed extensions moved washington release earlier alternative popular points replaced usual ' +
  'permit vs gone guide evidence esm zero east sources id closed throws manually creating receive representation ' +
  'arrays resolution latest exposes response previously wrong middle account peace heart hundred granted pressure ' +
  'depth pay hour substantial dead implied schools hours ll collection join square separated exist ignored stay ' +
  'secretary america whatever women bring extended dark colors design attention material generally global ' +
  'activities unknown send equal appear count picture link wrote thrown tried tiny difficult extra lost statement ' +
  'double cold reported share ten cross published won accepted late resolved father maintained letters coming st ' +
  'ask log thats sorhus sindre location forces hold anyone plain override hope letter research correct fix publish ' +
  'babel leading debug repo happened spirit tree manager suppose providing bad spent discussion highly stored ' +
  'copies lead international brown session trade authors converted enables window visit commonjs prefix reports ' +
  'natural risk installed expect health adds invalid story nested central checks contribute groups replace console ' +
  'quality industry media ideas summary benchmarks thanks entirely desired formats worker portions record ' +
  'implementations committee term remember steps wall miles resolve author perform print negative feeling couldnt ' +
  'indicate processing validation fields blue determined twenty entry statements absolute attempt corresponding ve ' +
  'functionality config minimal define particularly son defense background programs intended speed talk sell bug ' +
  'waiting older break box differences stand unicode friends month indeed cant average paper item island repository ' +
  'identical larger search creation sponsor walk equipment series permission storage comparison purposes growth ' +
  'environments ran becomes sat skipped standards religious involved floor maybe representing gives info clone ' +
  'complex river somewhat logging engine manner hit walked goal medical choose active guarantee truth primary boys ' +
  'foreign limitation handled develop team earth technical supply effective effects starts model administration ' +
  'cent underlying signal coverage exports meeting asynchronous training ';

/** Words of our own trade: every answer of the assistant has them. */
const TRADE =
  'task tasks project projects note notes event events calendar checkpoint checkpoints client clients email emails ' +
  'mail reminder reminders status priority title description due date dates today tomorrow yesterday week weekly ' +
  'month monthly overdue todo progress done high medium low active archived archive assignee assignees comment ' +
  'comments content author create creates created creating update updates updated updating delete deletes deleted ' +
  'deleting list lists listed get show add adds added adding change changes changed search find draft drafts ' +
  'summary summarise summarize report reports analytics count counts trend trends user users assistant agent agents ' +
  'message messages conversation request answer answers question questions plan plans step steps action actions ' +
  'tool tools response prompt prompts system model instruction instructions document documents data record records ' +
  'id ids name names suggested approved order include markdown ';

/** Words of JSON schemas: any answer about an interface has them. */
const SCHEMA =
  'type string number integer boolean object array null enum properties items required additional format minimum ' +
  'maximum min max length pattern default nullable any one all of ref defs schema json function functions ' +
  'parameters arguments input output strict true false http www org draft ';

const FIRST_BITS = 3.3;
const UNKNOWN_BITS = 12;
const TRADE_BITS = 6;
const SCHEMA_BITS = 4;
const MAX_BITS_A_LETTER = 2;

const BITS = new Map<string, number>([
  ...words(COMMON).map((word, rank): [string, number] => [
    word,
    Math.min(UNKNOWN_BITS, FIRST_BITS + Math.log2(rank + 1)),
  ]),
  ...words(TRADE).map((word): [string, number] => [word, TRADE_BITS]),
  ...words(SCHEMA).map((word): [string, number] => [word, SCHEMA_BITS]),
]);

/** Information of each letter of a lower-case word, in bits: how much it says that a person writes this word. */
export function bitsALetter(word: string): number {
  return Math.min(MAX_BITS_A_LETTER, (BITS.get(word) ?? UNKNOWN_BITS) / Math.max(1, word.length));
}

const FAMILIAR = new Set([...words(TRADE), ...words(SCHEMA)]);

/** Information of a lower-case word that follows another one of a text; those of our trade follow each other in any answer. */
export function bitsOfWord(word: string): number {
  return bitsALetter(word) * word.length * (FAMILIAR.has(word) ? 0.5 : 1);
}

function words(list: string): string[] {
  return list.trim().split(' ');
}
