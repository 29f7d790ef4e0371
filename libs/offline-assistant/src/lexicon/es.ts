import { ES_DATES } from './es-dates';
import type { Lexicon } from './lexicon';

export const ES: Lexicon = {
  language: 'es',
  functionWords:
    'el|la|los|las|un|una|unos|unas|y|e|o|de|del|al|a|en|con|por|para|que|qué|quien|quién|cual|cuál|cuáles|cuándo|dónde|cómo|cuántas|cuántos|es|son|está|están|mi|mis|me|te|se|lo|le|nos|yo|tú|no|ya|más|también|este|esta|estas|estos|puedes|podrías|puede|podría|quiero|necesito|tengo|hay|he|has|ha|hemos|favor|porfa|hoy|mañana|nueva|nuevo|todas|todos|todo|sin|sobre|su|muy|pero|si',
  entities: {
    task: {
      one: 'tarea|recordatorio|pendiente|quehacer|cosa por hacer|cosa pendiente',
      many: 'tareas|recordatorios|pendientes|quehaceres|lista de tareas|cosas por hacer|cosas pendientes',
    },
    comment: { one: 'comentario|observación', many: 'comentarios|comentado|observaciones' },
    checkpoint: { one: 'hito|checkpoint', many: 'hitos' },
    project: { one: 'proyecto', many: 'proyectos' },
    note: { one: 'nota|apunte|memo', many: 'notas|apuntes' },
    event: {
      one: 'reunión|evento|cita|junta|encuentro|compromiso',
      many: 'reuniones|eventos|citas|calendario|agenda|juntas|compromisos',
    },
    email: {
      one: 'correo|email|e-mail|mail|mensaje|correo electrónico|borrador',
      many: 'correos|emails|mensajes|bandeja de entrada|correos electrónicos',
    },
    figure: {
      one: 'informe semanal|reporte semanal|resumen semanal|resumen de la semana|productividad|informe de la semana|reporte de la semana|balance semanal',
      many: 'estadísticas|estadística|métricas|tendencias|informes|tendencia|informe|cifras de la semana',
    },
  },
  eventWords:
    'comida|cena|almuerzo|desayuno|dentista|médico|café|taller|entrevista|llamada con|fiesta|cumpleaños|conferencia|videollamada|visita|peluquería|webinar',
  verbs: {
    create:
      'dejes escrita|dejaras escrita|dejes|deja anotada|deja anotado|dejá|creá|creame|agregá|agregame|añadí|hacé|haceme|poné|poneme|sumá|sumame|anotame una tarea|cargá|cargar|carga|ingresa|ingresar|ingrese|introduce|introducir|dar de alta|dé de alta|apúntame una tarea|generar|genere|inclúyeme|incluir|meter|métela|ábrenos|créanos|añádenos|arrancamos|arrancamos un|lanzamos un|empezamos un|dar de alta|haces una|me haces una|me haces un|agréganos|ponme en tareas|pon en tareas|agrga|crea|crear|créame|cree|creas|me crees|me creas|añade|añadir|añádeme|añada|añades|agrega|agregar|agrégame|agregue|agregas|nueva|nuevo|haz|hazme|hacer|mete|méteme|abre un|abre un nuevo|abre una|ábreme|ábreme un|inserta|registra|inicia un|inicia un nuevo|empieza un nuevo|define|apunta una tarea|genera|otra|otro|incluye|prepara una|prepara|ponme una|ponme un|necesito una|necesito un|necesito otra|necesito otro|necesitamos un|necesitamos una|hace falta un|hace falta una|dame de alta|da de alta|crea una|quiero una|quiero un|arma|abrir un|abra un|quisiera una|quisiera un|sumar|suma',
    remind:
      'no se me vaya a olvidar|que no se me vaya a olvidar|no se me vaya a pasar|no se me olvide|no me vaya a olvidar de|haz que me acuerde de|que me acuerde de|quiero acordarme de|me recordás|me recordás que|recordame|recordame que|acordame de|hazme recordar|no quiero que se me olvide|no vaya a ser que me olvide de|tenme al tanto de|no quiero olvidarme de|no quiero olvidar|recuérdame que|recuérdame de|recuérdame|recuérdanos|recordarme|recuerde|no olvides|no olvidar|no te olvides de|no me dejes olvidar|que no se me olvide|no se me puede olvidar|no debo olvidar|tengo que acordarme de|acuérdame de|acuérdate de|tarea nueva|tarea|por hacer|recordatorio|pendiente|me recuerdas|me recuerdas que|avísame de|recuérdeme|que no se me pase|hazme acordar de|hazme acordar|me puedes recordar|no dejes que me olvide de|no dejes que se me olvide',
    jot: 'guarda como nota|guarda esto como nota|guárdalo como nota|apúntalo como nota|anota|anótame|anotar|anota que|apunta|apúntame|apuntar|apunta que|toma nota|toma nota de|toma nota de que|nota|escribe una nota|hazme una nota|haz una nota|crea una nota|memo|recuerda que|ten en cuenta que|ten presente que|tome nota|anote|guarda una nota|toma un apunte',
    schedule:
      'apunta en la agenda|apunta en mi agenda|apunta en el calendario|anota en la agenda|anota en mi agenda|anota en el calendario|programa|programar|prográmame|agenda|agendar|agéndame|planifica|planificar|organiza|organizar|reserva|reservar|fija|concierta|bloquea|bloquear|invita|invitar|tengo un|tengo una|tenemos un|tenemos una|convoca|queda con|pon una cita|pon en mi agenda|pon en el calendario|mete en el calendario|cuadra',
    draft:
      'escribe un correo|escribe un email|escribe|escribir|escríbeme|escríbele|redacta|redactar|prepara un correo|prepara un email|borrador|envía un correo|envía un email|envía|enviar|manda un correo|manda un email|manda|mándale un correo|envíale un correo|escribe un mensaje|prepara un borrador|manda un mensaje',
    reply: 'responde|responder|contesta|contestar|responde a|contesta a|responde en',
    comment:
      'comenta|comentar|añade un comentario|añade el comentario|añade comentario|agrega un comentario|agrega el comentario|agrega comentario|deja un comentario|pon un comentario|escribe un comentario|comentario|nuevo comentario|pon en los comentarios|añade como comentario|comente|comenta que|comenta en|publica un comentario|añadir un comentario|agregar un comentario|haz un comentario|ponle un comentario',
    delete:
      'suprimir|suprima|suprímeme|borre|elimine|borra|borrar|borre|elimina|eliminar|elimine|quita|quitar|quite|suprime|tira|tirar|bórrame|cancela|cancelar|cancele|anula|anular|vacía|vaciar|deshazte de|descarta|destruye|desecha|remueve|saca de la lista|limpia|limpiar|elimíname|quítame|tacha',
    update:
      'cambia|cambiar|cambie|modifica|modificar|marca|marcar|marque|pon|poner|ponga|actualiza|actualizar|establece|ajusta|corrige|pasa|pasar|deja|haz|reemplaza|sustituye|vuelve a poner|edita|editar|dale|ponle|devuelve|da|dar|señala|coloca|convierte|considera|actualice',
    put: 'pon|poner|ponga|ponme|mete|meter|coloca',
    move: 'movemos|aplazamos|adelantamos|retrasamos|posponemos|hemos movido|hemos aplazado|hemos retrasado|movamos|aplacemos|atrasar|mové|pasame|moveme|cambiamos|mueve|mover|mueva|aplaza|aplazar|aplace|pospón|posponer|posponga|retrasa|retrasar|adelanta|adelantar|traslada|pasa|reprograma|reprogramar|extiende|atrasa|prorroga|pasar|corre|desplaza|aplázala',
    complete:
      'completa|completar|termina|terminar|cierra|cerrar|finaliza|finalizar|acaba|da por hecha|da por terminada|tacha|concluye|terminé|terminé de|ya terminé|hecho|he terminado con|da por hecho|dar por hecha|da por finalizada|lista',
    start: 'empieza|empezar|comienza|comenzar|inicia|iniciar|arranca|retoma|continúa|ponte con',
    reopen: 'reabre|reabrir|vuelve a abrir|desmarca',
    archive:
      'archiva|archivar|archive|manda … al archivo|mueve … al archivo|pasa … al archivo|archívame|pon … en el archivo',
    restore: 'desarchiva|desarchivar|restaura|restaurar|reactiva|reactivar|recupera|saca … del archivo',
    rename:
      'renombra|renombrar|cambia el nombre|cambia el nombre de|cambia el nombre del|cambia el nombre de la|cambia el título|cambia el título de|cambia el título de la|llama|rebautiza|cámbiale el nombre|modifica el título|modifica el nombre|renombre|ponle de nombre|cambia el título del|cámbiale el título',
    assign:
      'traspasa|traspasar|pásale|pásele|pase|encárguele|encárguela|encargue|encárgale|asígnele|asígnale|encárguelo|asigna|asignar|asigne|delega|delegar|encarga|encárgale|encomienda|pasa|dale|reasigna|reasignar|da|transfiere|adjudica',
    raise: 'sube|subir|aumenta|aumentar|prioriza|eleva|incrementa',
    lower: 'baja|bajar|reduce|reducir|disminuye',
    append: 'añade a la nota|agrega a la nota|apunta en la nota|añade en la nota|agrega en la nota',
    approve: 'aprueba|aprobar|acepta',
    reject: 'rechaza|rechazar',
    list: 'muestra|muéstrame|mostrar|muestre|muéstreme|enseña|enséñame|lista|listar|lista de|listado|listado de|busca|buscar|búscame|encuentra|qué|cuáles|cuál|quién|cuándo|dónde|hay|tengo|tenemos|dame|dime|ver|quiero ver|déjame ver|todas las|todos los|mis|cuáles son|cuál es|estoy|ponme la lista|me enseñas|me muestras|me dices|puedo ver|visualiza|consulta|revisa|me das|quisiera ver|mira|saca la lista|la lista de|dame la lista|dame un listado|cómo|en qué|qué hay|necesito ver|lístame',
    get: 'háblame de|háblame del|cuéntame de|cuéntame del|cuéntame sobre|abre|abrir|ábreme la|ábreme el|abre la|abre la nota|lee|léeme|leer|detalles|detalles de|detalles del|los detalles de|los detalles del|información de|información sobre|información del|info de|info del|qué dice|qué pone|dame los detalles|muéstrame los detalles|abre el|abre el proyecto|me lees|me abres|enséñame los detalles|cuéntame más de|estado de|cómo va',
    count: 'cuántas|cuántos|cuenta|número de|cuánto|el número de|contar',
    summarise:
      'resume|resumir|resumen|resumen de|resúmeme|sintetiza|hazme un resumen|dame un resumen|recapitula|haz un resumen|un resumen de|resuma',
    need: 'haría falta una|haría falta un|me vendría bien una|me vendría bien un|falta una|falta un|necesitaría una|necesitaría un|habrá que|tendría que|tendremos que|nos toca|tengo que|debo|hay que|tenemos que|debemos|necesito|necesitamos|quiero|quisiera|debería|me hace falta|hace falta|habría que|deberíamos|me toca|toca|necesitaría|nos hace falta un|nos hace falta una|me hace falta un|me hace falta una|me gustaría tener un|me gustaría tener una',
  },
  enclitics: 'sela|selo|melo|mela|selas|selos|noslo|le|les|lo|la|los|las|me|nos|te',
  fillers:
    'misma hora|a la misma hora|che|dale|ey|porfavorcito|plis|pls|me gustaría que|quisiera pedirte que|te pediría que|le pediría que|te agradecería que|le agradecería que|serías tan amable de|sería tan amable de|tendrías la amabilidad de|hágame el favor de|te encargo que|cuando tengas un rato|cuando tengas tiempo|cuando pueda|otra cosa|una cosa|antes de que se me olvide|antes de que me olvide|ya que estás|por si acaso|sé bueno y|sé buena y|puedes por favor|podés|podrías por favor|podrían|pueden|me ayudas a|necesitaría|querría|querría que|sería posible que|si no te importa|si no es molestia|perdón|perdona|digo|quise decir|quería decir|por favor|porfa|porfavor|porfis|gracias|muchas gracias|puedes|podrías|puede|podría|quiero que|quisiera|me gustaría|necesito que|me|hola|buenos días|buenas tardes|buenas noches|buenas|oye|mira|eh|bueno|pues|entonces|así que|luego|después|y|también|además|ahora|ok|okay|vale|sí|no|claro|venga|rápido|solo|simplemente|finalmente|por último|primero|segundo|ya|mejor|de una vez|si puedes|si es posible|serías tan amable de|sería posible|es posible|tan solo|a ver|por cierto|te importa|te importaría|le importaría|me puedes|me podrías|puedes por favor|quería|quería que|de nuevo|otra vez|en realidad|al final|de paso|ah|oh|perfecto|genial|a partir de ahora|le agradecería|te pido que|para mí|aún|todavía|haz el favor de|hazme el favor de|porfi|por fa|gracias de antemano|un saludo|definitivamente|por completo|cuando puedas|vamos a|voy a|necesitaría que|quisiera que|me encantaría|ayúdame a|igual|al mismo tiempo|hazlo',
  asides:
    'es decir|o sea|a saber|va|va en|van|separadas|separados|por separado|distintas|distintos|cada una|cada uno|una por|vencimiento|plazo|como muy tarde|a más tardar|como máximo|fecha límite|estaría bien|estaría genial|sería genial|eso es todo|nada más|en punto|prioridad|aparte|por agregar|por añadir|para añadir|para crear|si te parece|así|pero|también|debe ser|tiene que ser|ponlo|ponla|añádelo|añádela|agrégalo|agrégala|apúntalo|apúntala|anótalo|anótala|métela|mételo',
  asksFor:
    'puedes|podrías|puede|podría|me puedes|me podrías|podés|así que|entonces|por favor|porfa|quiero que|necesito que',
  negators: 'no|todavía no|aún no|por ahora no|nunca|de momento no',
  noneOf: 'ninguna|ningún|ninguno|nada',
  contrast: {
    instead: 'en vez de|en vez del|en lugar de|en lugar del|y no|pero no|más que',
    denies: 'no|no es|ya no es|ya no',
    but: 'sino|es|mejor',
    anyMore: 'ya|más',
  },
  determiners:
    'el|la|los|las|un|una|unos|unas|mi|mis|nuestro|nuestra|nuestros|nuestras|este|esta|estos|estas|ese|esa|esos|cada|todos|todas|todo|toda|tu|tus|su|sus|siguientes|otra|otro|aquella|aquel',
  prepositions: 'en|para|por|de|del|a|al|sobre|con|desde|bajo|acerca|dentro|entre',
  adjectives:
    'nueva|nuevo|nuevas|nuevos|otra|otro|otras|breve|rápida|pequeña|pequeño|dos|tres|cuatro|cinco|seis|abiertas|abiertos|vieja|viejo|viejas|viejos|antigua|antiguo|urgente|urgentes|importante|importantes|simple|última|último|siguiente|siguientes|adicional|próximo|próxima',
  and: 'y|e|más|así como|&',
  then: 'luego|y luego|después|y después|y además|además|a continuación|por último|y también|finalmente|y por último|acto seguido|más tarde|y entonces|seguidamente',
  into: 'a|como|en|por|al|con|para',
  samePlace:
    'dentro|ahí|allí|en él|en el mismo proyecto|en ese proyecto|a ese proyecto|al mismo proyecto|en este proyecto|a este proyecto|para ese proyecto|dentro de él|ahí mismo',
  too: 'también|igual|lo mismo para|lo mismo con|ídem',
  both: 'ambos|ambas|los dos|las dos|todo|las tres|los tres|todas',
  each: 'cada una|cada uno|por separado|separadas|separados|distintas|distintos|individuales|individualmente|una por una|una cada una',
  pronouns: 'lo|la|los|las|eso|esto|esa|ese|esta|este|la última|el último|aquella|ella|esa misma|la misma',
  second: 'segunda|segundo|la segunda|el segundo|la otra|el otro',
  anotherOne: 'otra más|otro más|otra|otro|una segunda|un segundo|una tercera|un tercero|una más|uno más|una|uno',
  creates: 'crea',
  taskLists:
    'en tareas|a tareas|en las tareas|a mi lista|a la lista|en mi lista|en la lista|a mis tareas|en mis tareas|a mi lista de tareas|en mi lista de tareas|a la lista de tareas|en la lista de tareas|como tarea|a las tareas|como pendiente|a mis pendientes|en mis pendientes|mi lista|toda mi lista|la lista|toda la lista|mi lista de tareas|como recordatorio|de mi lista|de la lista|entre mis tareas',
  calendars:
    'en el calendario|en mi calendario|al calendario|a mi calendario|en la agenda|en mi agenda|a la agenda|a mi agenda|del calendario|de mi calendario|de la agenda|de mi agenda|mi calendario|mi agenda',
  all: 'todos|todas|todo|toda|cada|entera|entero|la totalidad|cualquier|completa',
  questions: 'qué|cuáles|cuál|quién|cuándo|dónde|cómo|por qué|cuántas|cuántos|cuánto|hay|tengo|tenemos|estoy|a qué|es',
  howTo:
    'crees que|piensas que|te parece|cómo se|cómo puedo|cómo hago|cómo funciona|cómo estás|cómo te|cómo creo|cómo hacer|qué tal|cómo está|cómo borro',
  due: 'vence|vencen|vencimiento|pendientes|pendiente|por hacer|atrasadas|urgentes|urgente|tengo que hacer|terminadas|terminé|queda|quedan|falta|faltan|hacer|fecha límite|entregar|debo hacer|hay que hacer|terminado|caduca|completado|plazo',
  agenda:
    'libre|ocupado|ocupada|planeado|planes|programado|en el calendario|en la agenda|agenda|citas|pasa|en mi agenda|compromisos',
  client: 'cliente|clienta|clientes',
  priorities: {
    high: 'alta|máxima|urgente|alto|elevada|importante|altísima|mayor',
    medium: 'media|normal|medio|estándar|intermedia|mediana',
    low: 'baja|mínima|bajo|menor|bajísima',
  },
  urgent:
    'urgente|urgentes|importante|muy importante|muy urgente|lo antes posible|cuanto antes|prioritaria|prioritario|asap|es urgente|urgentísimo|con urgencia|crítico|crítica|corre prisa|urge|urgentemente|importantísimo|súper urgente',
  relaxed:
    'no es urgente|no urgente|sin prisa|no hay prisa|nada urgente|no es importante|cuando tenga tiempo|ya no es urgente|ya no es importante|no corre prisa|sin urgencia|poco importante|puede esperar|no importante|no tan urgente|no tan importante|sin apuro|no hay apuro|no es tan importante|no es tan urgente',
  priorityNouns: 'prioridad|importancia|urgencia|prio',
  statuses: {
    todo: 'por hacer|pendiente|pendientes|abierta|abiertas|sin empezar|no empezada|sin hacer|no hechas|sin terminar|no terminadas|no iniciada|sin comenzar|incompletas',
    in_progress:
      'en curso|en progreso|en proceso|empezada|iniciada|en marcha|comenzada|in progress|empezado|en ejecución',
    done: 'hecha|hecho|hechas|hechos|terminada|terminado|terminadas|terminados|completada|completado|completadas|completados|finalizada|finalizado|finalizadas|acabada|acabado|lista|listo|cerrada|cerrado|realizada|concluida|listas|cerradas',
  },
  statusNouns: 'estado|estatus',
  archived: 'archivado|archivados|archivada|archivadas|al archivo|el archivo',
  active: 'activo|activos|activa|activas',
  isDone:
    'está pintado|está pintada|está pagado|está comprado|está comprada|está arreglado|está arreglada|está firmado|está firmada|está entregado|está entregada|está resuelto|está resuelta|está mandado|está mandada|ya la he pagado|ya lo he pagado|la he pagado|lo he pagado|pagada|pagado|enviada|enviado|entregada|entregado|está hecho|está hecha|está listo|está lista|está terminado|está terminada|está completado|está completada|ya está|ya está listo|ya está lista|ya está hecho|ya está hecha|está acabado|está acabada|están listos|están listas|están hechas|están terminadas|está pagada|está pagado|ya está terminado|ya está terminada|se terminó|está finalizado|está finalizada|ya la hice|ya lo hice|hecho|hecha|terminado|terminada|ya está pagada|ya está pagado|está enviado|está enviada|ya la terminé|ya lo terminé|listo|lista|está cerrado|ya se pagó|ya se envió|ya fue enviada|ya fue enviado|quedó lista|quedó listo|ya quedó|ya la he hecho|ya lo he hecho|ya está enviado|ya está enviada|ya la pagué|ya lo pagué|está reservada|está reservado|ya lo he terminado|ya la he terminado',
  isStarted:
    'está en curso|está en marcha|está empezada|está empezado|está en proceso|está en progreso|ya está en curso|ya está en marcha|acaba de empezar|ya empezó|la acabo de empezar|lo acabo de empezar|ya la empecé|ya lo empecé',
  haveDone:
    'he terminado|he terminado de|he acabado|he acabado de|he hecho|he pagado|he enviado|he llamado|he comprado|ya terminé|ya terminé de|ya hice|ya pagué|ya envié|terminé|terminé de|acabé|acabé de|pagué|envié|compré|llamé|hemos terminado|hemos acabado|ya he terminado|ya he pagado|acabo de terminar|completé|he completado|ya compré|ya llamé|entregué|he entregado|ha terminado|ha acabado|he reservado|reservé|he escrito|ya he hecho|ya he enviado|acabo de pagar|acabo de enviar|terminamos|he finalizado|hice|mandé|he mandado|ya mandé|ya reservé|ya entregué|preparé|he preparado|imprimí|recogí|he recogido',
  haveStarted:
    'me he puesto con|me puse con|ando con|me he puesto a|ya voy con|estoy liado con|estoy liada con|he empezado|he empezado a|empecé|empecé a|estoy trabajando en|estamos trabajando en|he comenzado|comencé|estoy con|he iniciado|ya empecé|acabo de empezar|ya estoy con|ya empecé con|he empezado con|empecé con|inicié|hemos empezado|acabo de empezar con',
  notNeeded:
    'se puede borrar|se puede eliminar|puede borrarse|puede eliminarse|ya no me hace falta|ya no pinta nada|sobra|ya no nos hace falta|hay que quitarla|hay que borrarla|hay que quitarlo|hay que borrarlo|ya no hace falta|ya no se necesita|ya no es necesario|ya no es necesaria|ya no lo necesito|ya no la necesito|ya no sirve|ya no necesito|ya no necesitamos|no hace falta',
  shallBeCalled:
    'llámala|llámalo|renómbrala|tendría que llamarse|tiene que llamarse|habría que llamarla|habría que llamarlo|en realidad se llama|se llamará|debe ser|debería llamarse|debe llamarse|ahora se llama|se llama ahora|llámala|llámalo|que sea|que se llame|renómbrala a|renómbralo a|renómbrala como|renómbrala|renómbralo|pasa a llamarse',
  naming: 'llamar|llamarse|llama|nombre|título|renombra|renombrar|titular|errata|error|se llama|poner|escrito mal',
  belongs:
    'va|van|va en|pertenece|pertenecen|mueve|mover|mete|meter|pon|poner|asocia|vincula|asigna|forma parte|corresponde|pasa|guarda|archívala en|coloca|es de|es del',
  takesPlace:
    'se celebra|celebramos|es en|será|será en|lugar|sitio|sala|hacemos|lo hacemos|la hacemos|se hace|se hará|ahora es|trasladado|trasladada|quedamos|cambia|mueve|sino|tiene lugar',
  deadlineOf:
    'nueva fecha límite para|nueva fecha para|nueva fecha de|nueva fecha límite de|nuevo plazo para|fecha límite para|la fecha límite de|la fecha límite del|la fecha de|la fecha del|el plazo de|el plazo del|el plazo para|el vencimiento de|la fecha límite para|fecha límite de|el vencimiento del|la fecha de entrega de|la fecha de vencimiento de|la fecha límite de la|la fecha de la',
  labels: {
    title:
      'título|nombre|llamado|llamada|titulado|titulada|con el título|con título|que se llame|que se llama|de nombre|con nombre|denominado|denominada|llámalo|llámala|se llama|con el nombre|con el nombre de|de título|ponle de nombre|de título',
    description: 'descripción|con descripción|con la descripción|detalles|con la siguiente descripción',
    content:
      'contenido|texto|con el contenido|con contenido|con el texto|con texto|mensaje|con el mensaje|y contenido|y el contenido|y texto|y como contenido|con el siguiente texto|y de contenido|con el siguiente contenido|que ponga|que contenga|y el texto',
    saying:
      'que diga|que diga que|diciendo|diciendo que|que dice|con escrito|y escribe|que ponga|para decirle que|diciéndole que|indicando que|y pon|que pone|poniendo',
    location: 'lugar|sitio|dónde|ubicación|dirección|sala',
    about: 'sobre|acerca de|acerca del|respecto a|asunto|con asunto|a propósito de|con el asunto|referente a',
  },
  assignTo:
    'asignada a|asignado a|asignadas a|asígnala a|asígnalo a|asignar a|asignársela a|asignatarios|responsable|delegada a|delegado a|dásela a|dáselo a|encargada a|encargado|asígnaselo a|asígnasela a|asigna a|asignada para|responsables|a cargo de|pásasela a|pásaselo a|encárgasela a|asignado|asignada',
  forPerson: 'para|a',
  takesOver:
    'como responsable|que lo lleven|que la lleven|que lo hagan|que la hagan|que se encarguen|se encargan|lo llevan|la llevan|lo lleva|la lleva|le toca a|se lo queda|se la queda|ya se encarga|que la haga|que lo haga|que se encargue|que lo lleve|que la lleve|se encarga|se encarga de|lo hace|la hace|puede hacerla|puede hacerlo|se ocupa de|se ocupa|se encargará|se encargará de|la va a hacer|lo va a hacer|la hará|lo hará|va a hacerla|va a hacerlo|debe encargarse de|puede encargarse de|puede encargarse|se hará cargo de|se hace cargo de|es responsable de',
  mustDo: 'tiene que|debe|debería|tendrá que',
  with: 'con|y',
  place: 'en|en el|en la|por',
  orderBy: 'ordenadas por|ordenados por|ordena por|ordenar por|por orden de',
  trend: 'tendencia|tendencias|productividad|productivo|productiva|evolución|compara',
  report: 'informe|reporte|resumen semanal|resumen de la semana|informe semanal|balance',
  smallTalk: {
    hello: 'hola|buenos días|buenas tardes|buenas noches|buenas|qué tal',
    thanks:
      'gracias|muchas gracias|perfecto|genial|estupendo|eres un crack|bien hecho|excelente|fantástico|mil gracias',
    help: 'ayuda|qué sabes hacer|quién eres|qué eres|qué puedes hacer|cómo funcionas|eres un robot|eres una persona|eres ChatGPT|cómo funciona esto|eres humano',
    yes: 'sí|si|claro|vale|ok|confirma|confirmo|adelante|por supuesto|exacto|hazlo|bórrala|bórralo|elimínala|elimínalo|de acuerdo|okay|correcto|dale|sí gracias|afirmativo',
    no: 'no|cancela|déjalo|déjala|para|mejor no|no gracias|espera|nada|olvídalo',
  },
  chores:
    'llama|llamar|compra|comprar|paga|pagar|envía|enviar|manda|mandar|reserva|reservar|recoge|recoger|lleva|llevar|limpia|limpiar|repara|reparar|imprime|imprimir|riega|regar|lee|leer|estudia|estudiar|lava|lavar|pide|pedir|saca|sacar|prepara|preparar|revisa|revisar|entrega|entregar|firma|firmar|renueva|renovar|contacta|contactar|cocina|cocinar|encargar|terminar',
  dates: ES_DATES,
};
