#!/usr/bin/env bash
# Upload a recording, have it transcribed, store the transcript beside it: curl and jq only.
# The way case.dev's documentation shows it; only the host, the key and the vault are yours.
#
#   API_HOST=https://portal.example/api API_KEY=sk_… VAULT_ID=… ./transcribe-and-store.sh deposition.m4a
set -euo pipefail

API_HOST=${API_HOST:?such as https://portal.example/api}
API_KEY=${API_KEY:?an API key, sk_…}
VAULT_ID=${VAULT_ID:?the id of a vault}
FILE=${1:?the recording}
CONTENT_TYPE=${CONTENT_TYPE:-audio/mp4}

# 1. Ask for an upload URL
UPLOAD=$(curl -sS --fail-with-body -X POST "$API_HOST/vault/$VAULT_ID/upload" \
  -H "Authorization: Bearer $API_KEY" \
  -H "Content-Type: application/json" \
  -d "{\"filename\": \"$(basename "$FILE")\", \"contentType\": \"$CONTENT_TYPE\"}")
OBJECT_ID=$(echo "$UPLOAD" | jq -r .objectId)
UPLOAD_URL=$(echo "$UPLOAD" | jq -r .uploadUrl)

# 2. Upload the file
curl -sS --fail-with-body -X PUT "$UPLOAD_URL" -H "Content-Type: $CONTENT_TYPE" --data-binary "@$FILE" > /dev/null

# 3. Get its download URL, and have it transcribed (no Content-Type: the API reads JSON all the same)
AUDIO_URL=$(curl -sS --fail-with-body "$API_HOST/vault/$VAULT_ID/objects/$OBJECT_ID" \
  -H "Authorization: Bearer $API_KEY" | jq -r .downloadUrl)
JOB_ID=$(curl -sS --fail-with-body -X POST "$API_HOST/voice/transcription" \
  -H "Authorization: Bearer $API_KEY" \
  -d "{\"audio_url\": \"$AUDIO_URL\", \"speaker_labels\": true}" | jq -r .id)

# 4. Wait for it
while true; do
  ANSWER=$(curl -sS --fail-with-body "$API_HOST/voice/transcription/$JOB_ID" -H "Authorization: Bearer $API_KEY")
  STATUS=$(echo "$ANSWER" | jq -r .status)
  [ "$STATUS" = completed ] && break
  [ "$STATUS" = error ] && { echo "$ANSWER" | jq -r .error >&2; exit 1; }
  sleep "${POLL_SECONDS:-5}"
done

# 5. Store the transcript in the same vault
TRANSCRIPT=$(mktemp)
trap 'rm -f "$TRANSCRIPT"' EXIT
echo "$ANSWER" | jq -r .text > "$TRANSCRIPT"
UPLOAD=$(curl -sS --fail-with-body -X POST "$API_HOST/vault/$VAULT_ID/upload" \
  -H "Authorization: Bearer $API_KEY" \
  -d "{\"filename\": \"$(basename "$FILE").txt\", \"contentType\": \"text/plain\", \"metadata\": {\"transcript_of\": \"$OBJECT_ID\"}}")
curl -sS --fail-with-body -X PUT "$(echo "$UPLOAD" | jq -r .uploadUrl)" \
  -H "Content-Type: text/plain" --data-binary "@$TRANSCRIPT" > /dev/null

jq -n --arg recording "$OBJECT_ID" --arg transcription "$JOB_ID" --arg transcript "$(echo "$UPLOAD" | jq -r .objectId)" \
  '{recording: $recording, transcription: $transcription, transcript: $transcript}'
