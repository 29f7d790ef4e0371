import { setting, Settings } from '@adiuva/config';

const TRACING = {
  OTEL_EXPORTER_OTLP_ENDPOINT: setting.optionalUrl(
    'http(s)://… of an OpenTelemetry collector (OTLP over HTTP) that gets traces; where not set, nothing is traced and no tracer is loaded',
  ),
  OTEL_EXPORTER_OTLP_HEADERS: setting.optionalSecret('Headers for the collector: name=value, separated by commas'),
  OTEL_SERVICE_NAME: setting.text('Name of this service in traces', 'adiuva-cloud'),
  OTEL_TRACES_SAMPLE_PERCENT: setting.integer('Share of the requests and jobs that are traced', 100, { max: 100 }),
};

export class TracingConfig extends Settings('Traces', TRACING) {}
