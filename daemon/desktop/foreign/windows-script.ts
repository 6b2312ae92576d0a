// The question on Windows, in PowerShell with Windows Forms. Not yet run on a real computer.

import type { QuestionData } from './question-data.ts';

/** Variable of the environment in which the question travels, base64 of JSON. */
export const QUESTION_VARIABLE = 'CHAPERONE_QUESTION';

export interface WindowsCommand {
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

export function windowsCommand(data: QuestionData): WindowsCommand {
  const script = Buffer.from(SCRIPT, 'utf16le').toString('base64');
  return {
    argv: ['powershell.exe', '-NoProfile', '-NonInteractive', '-STA', '-EncodedCommand', script],
    environment: { [QUESTION_VARIABLE]: Buffer.from(JSON.stringify(data)).toString('base64') },
  };
}

const SCRIPT = `
$ErrorActionPreference = 'Stop'
Add-Type -AssemblyName System.Windows.Forms, System.Drawing
function Say($line) { [Console]::Out.WriteLine(($line | ConvertTo-Json -Compress)); [Console]::Out.Flush() }
$json = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($env:${QUESTION_VARIABLE}))
$data = $json | ConvertFrom-Json
$form = New-Object Windows.Forms.Form -Property @{ Text = $data.title; TopMost = $true; AutoSize = $true; AutoSizeMode = 'GrowAndShrink'; StartPosition = 'CenterScreen'; FormBorderStyle = 'FixedDialog'; MinimizeBox = $false; MaximizeBox = $false }
$stack = New-Object Windows.Forms.FlowLayoutPanel -Property @{ FlowDirection = 'TopDown'; AutoSize = $true; WrapContents = $false; Padding = 12 }
$words = New-Object Windows.Forms.Label -Property @{ Text = $data.text; AutoSize = $true; MaximumSize = '640,0'; UseMnemonic = $false }
$stack.Controls.Add($words)
$boxes = @(); foreach ($choice in $data.choices) {
  $box = New-Object Windows.Forms.CheckBox -Property @{ Text = $choice.label; Checked = [bool]$choice.ticked; AutoSize = $true; MaximumSize = '640,0'; UseMnemonic = $false }
  $stack.Controls.Add($box); $boxes += $box
}
$deny = New-Object Windows.Forms.Button -Property @{ Text = 'Do not allow'; AutoSize = $true; DialogResult = 'Cancel' }
$allow = New-Object Windows.Forms.Button -Property @{ Text = 'Allow'; AutoSize = $true; Enabled = $false; DialogResult = 'OK' }
$row = New-Object Windows.Forms.FlowLayoutPanel -Property @{ AutoSize = $true }
$row.Controls.AddRange(@($deny, $allow)); $stack.Controls.Add($row); $form.Controls.Add($stack)
$form.CancelButton = $deny; $form.AcceptButton = $deny
$arm = New-Object Windows.Forms.Timer -Property @{ Interval = [Math]::Max(1, $data.armsAfterMs) }
$arm.add_Tick({ $arm.Stop(); $allow.Enabled = $true })
$late = New-Object Windows.Forms.Timer -Property @{ Interval = 1000 * $data.seconds }
$late.add_Tick({ $form.DialogResult = 'Cancel'; $form.Close() })
$form.add_Shown({ $arm.Start(); $late.Start(); Say @{ event = 'shown' } })
if ($form.ShowDialog() -eq 'OK') {
  $ticked = @(for ($i = 0; $i -lt $boxes.Count; $i++) { if ($boxes[$i].Checked) { $i } })
  Say @{ event = 'allow'; ticked = $ticked }
} else { Say @{ event = 'deny' } }
`;
