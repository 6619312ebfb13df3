// For bench_startup.sh: startup.c in C++, as the practices have it: a single shot shows a splash screen of the same picture.
#include <QApplication>
#include <QPainter>
#include <QSplashScreen>
#include <QTimer>
#include <cstdlib>

class Splash : public QSplashScreen {
  public:
    using QSplashScreen::QSplashScreen;

  private:
    void paintEvent(QPaintEvent *event) override
    {
        QSplashScreen::paintEvent(event);
        QTimer::singleShot(0, [] { std::_Exit(0); });
    }
};

static QPixmap picture()
{
    const QRect all(0, 0, 480, 270);
    QPixmap pixmap(all.size());
    QPainter painter(&pixmap);
    QLinearGradient gradient(all.topLeft(), all.bottomLeft());
    gradient.setColorAt(0, QColor(0x34, 0x49, 0x6b));
    gradient.setColorAt(1, QColor(0x16, 0x20, 0x2f));
    painter.fillRect(all, gradient);
    QFont font = QApplication::font();
    font.setPointSizeF(28);
    painter.setFont(font);
    painter.setPen(Qt::white);
    painter.drawText(all, Qt::AlignCenter, QStringLiteral("Startup"));
    return pixmap;
}

int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    QTimer::singleShot(0, [] { (new Splash(picture()))->show(); });
    return QApplication::exec() + 1;
}
