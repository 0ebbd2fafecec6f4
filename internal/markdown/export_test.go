package markdown

// RenderAnew is Render without its memory.
func RenderAnew(source string) HTML { return render(cut(source)) }
