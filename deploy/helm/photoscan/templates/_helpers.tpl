{{- define "photoscan.name" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{ .Release.Name | trunc 52 | trimSuffix "-" }}
{{- else -}}
{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 52 | trimSuffix "-" }}
{{- end -}}
{{- end -}}

{{- define "photoscan.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "photoscan.labels" -}}
{{ include "photoscan.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "photoscan.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{/*
MiB that a pod takes: its workers with a photo of so many pixels each, the two lanes' bodies, the process that speaks
HTTP, the one for texts, and what is kept in memory. Figures: photoscan/workers/sizing.py and docs/serving.md.
*/}}
{{- define "photoscan.memory" -}}
{{- $serve := .root.Values.serve -}}
{{- $idle := get (dict "fast" 560 "balanced" 700 "thorough" 840) $serve.profile -}}
{{- $pixel := get (dict "fast" 5 "balanced" 12 "thorough" 24) $serve.profile -}}
{{- $worker := addf $idle (divf (mulf $pixel .pixels) 1048576.0) -}}
{{- $bodies := divf (mulf (addf $serve.workers $serve.queue $serve.queue 1) .bytes) 1048576.0 -}}
{{- addf (mulf $serve.workers $worker) $bodies 512 .root.Values.cacheMiB | ceil | int -}}
{{- end -}}

{{- define "photoscan.resources" -}}
{{- $serve := .Values.serve -}}
{{- $usual := include "photoscan.memory" (dict "root" . "pixels" (min $serve.maxPixels 12000000) "bytes" (min $serve.maxBytes 4194304)) -}}
{{- $most := include "photoscan.memory" (dict "root" . "pixels" $serve.maxPixels "bytes" $serve.maxBytes) -}}
requests:
  {{- if .Values.resources.requests }}
  {{- toYaml .Values.resources.requests | nindent 2 }}
  {{- else }}
  cpu: {{ $serve.workers | quote }}
  memory: {{ $usual }}Mi
  {{- end }}
limits:
  {{- if .Values.resources.limits }}
  {{- toYaml .Values.resources.limits | nindent 2 }}
  {{- else }}
  memory: {{ $most }}Mi
  {{- end }}
{{- end -}}

{{- define "photoscan.args" -}}
- serve
- --host=0.0.0.0
- --port=8000
- --workers={{ int .workers }}
- --queue={{ int .queue }}
- --profile={{ .profile }}
- --max-bytes={{ int64 .maxBytes }}
- --max-pixels={{ int64 .maxPixels }}
- --timeout={{ .timeout }}
- --drain={{ .drain }}
- --grace={{ .grace }}
- --remember={{ .remember }}
{{- if .deadline }}
- --deadline={{ .deadline }}
{{- end }}
{{- if .tiers }}
- --tiers
{{- end }}
{{- end -}}
